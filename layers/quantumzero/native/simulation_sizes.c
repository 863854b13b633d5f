/* How many shares: reference_sizes.py. */
#include "simulation.h"

double sim_whole(double quantity, double lot) {
    if (!(0.0 < quantity && quantity < LARGEST)) return 0.0;
    if (lot <= 0.0) return quantity;
    return floor(quantity / lot + 1e-9) * lot;
}

double sim_toward_zero(double quantity, double lot) {
    return quantity < 0.0 ? -sim_whole(-quantity, lot) : sim_whole(quantity, lot);
}

static double money_of(const simulation *s, const order *o, double equity) {
    if (s->r->size_by == FRACTION_OF_EQUITY) return o->amount * equity;
    return s->r->size_by == NOTIONAL ? o->amount : NAN;
}

static double shares_of(const simulation *s, const order *o, double equity) {
    if (s->r->size_by == QUANTITY) return o->amount;
    if (!(o->size_distance > 0.0)) return 0.0;
    return o->amount * equity / o->size_distance;
}

void sim_size_at_decision(const simulation *s, order *o, double price, int64_t row) {
    const request *r = s->r;
    const double amount = given(r->size, r, o->instrument, row);
    o->amount = missing(amount) ? r->amount : amount;
    const double distance = given(r->stop_distance, r, o->instrument, row);
    o->size_distance = missing(distance) ? price * r->stop_fraction : distance;
    const double money = money_of(s, o, s->equity);
    if (missing(money)) {
        o->quantity = sim_whole(shares_of(s, o, s->equity), r->lot);
    } else if (r->lot <= 0.0) {
        o->money = money;
        o->quantity = sim_whole(money / (price * (1.0 + r->rate)), 0.0);
    } else {
        o->quantity = sim_whole(money / price, r->lot);
    }
}

void sim_resize_at_fill(const simulation *s, order *o, double price) {
    const request *r = s->r;
    double gross;
    const double equity = s->cash + sim_worth(s, &gross);
    const double money = money_of(s, o, equity);
    if (missing(money))
        o->quantity = sim_whole(shares_of(s, o, equity), r->lot);
    else if (r->lot <= 0.0)
        o->money = money;
    else
        o->quantity = sim_whole(money / (price * (1.0 + r->rate)), r->lot);
    o->remaining = o->quantity;
}

/* Net and gross value at the last closes. A flat instrument adds a zero, which changes no bit: its last close is a number. */
double sim_worth(const simulation *s, double *gross) {
    double net = 0.0, sum = 0.0;
    if (s->held)
        for (int64_t i = 0; i < s->r->instruments; i++) {
            net += s->quantity[i] * s->last[i];
            sum += fabs(s->quantity[i]) * s->last[i];
        }
    *gross = sum;
    return net;
}

double sim_power_at_fill(const simulation *s, const order *o) {
    if (s->r->leverage == 1.0 && s->shorts == 0 && o->side > 0) return s->cash;
    double gross;
    const double equity = s->cash + sim_worth(s, &gross);
    return s->r->leverage * equity - gross;
}

double sim_affordable(const simulation *s, const order *o, double quantity, double price,
                      double budget) {
    const request *r = s->r;
    const double most = budget / (price * (1.0 + r->rate));
    if (quantity > most) quantity = sim_whole(most, r->lot);
    const int fixed = r->per_share > 0.0 || r->per_trade > 0.0 || r->minimum > 0.0;
    if (!fixed && !r->tiers) return quantity;
    const double fee = sim_expected_fee(s, o, quantity, price);
    if (quantity * price + fee > budget) quantity = sim_whole((budget - fee) / price, r->lot);
    return quantity;
}
