/* What a fill costs: reference_costs.py. */
#include "simulation.h"

static double share_rate(const simulation *s) {
    const request *r = s->r;
    if (!r->tiers) return r->per_share;
    double tier = r->tier_rates[0];
    for (int64_t k = 0; k < r->tiers; k++)
        if (s->month_shares >= r->tier_shares[k]) tier = r->tier_rates[k];
    return r->per_share + tier;
}

static double commission_of(const simulation *s, double value, double share_cost) {
    const request *r = s->r;
    const double total = larger(value * r->rate + share_cost + r->per_trade, r->minimum);
    return smaller(total, value * r->maximum_rate);
}

static double sale_charges(const simulation *s, double quantity, double value) {
    const request *r = s->r;
    const double by_share = smaller(r->sell_per_share * quantity, r->sell_per_share_cap);
    return r->sell_value_rate * value + by_share;
}

double sim_expected_fee(const simulation *s, const order *o, double quantity, double price) {
    const double value = quantity * price;
    const double share_cost = o->share_cost + quantity * share_rate(s);
    double fee = commission_of(s, o->value + value, share_cost) - o->commission;
    if (o->side < 0) fee += sale_charges(s, quantity, value);
    return fee;
}

void sim_turn_month(simulation *s, int64_t row) {
    const int64_t month = s->r->month[row];
    if (month == s->month) return;
    s->month = month;
    s->month_shares = 0.0;
}

double sim_charge(simulation *s, order *o, double quantity, double price) {
    const double value = quantity * price;
    o->share_cost += quantity * share_rate(s);
    const double total = commission_of(s, o->value + value, o->share_cost);
    double fee = total - o->commission;
    o->commission = total;
    if (o->side < 0) fee += sale_charges(s, quantity, value);
    s->month_shares += quantity;
    s->commission += fee;
    return fee;
}

double sim_slipped(const simulation *s, const order *o, double raw, double quantity, int64_t row,
                   const double *volume) {
    const request *r = s->r;
    double adverse = r->slippage_rate;
    if (r->volume_share_impact > 0.0 || r->square_root_coefficient > 0.0) {
        const double share = *volume > 0.0 ? quantity / *volume : 0.0;
        adverse += r->volume_share_impact * share * share;
        if (r->square_root_coefficient > 0.0 && r->volatility) {
            const double daily = r->volatility[cell(r, o->instrument, row)];
            if (daily > 0.0) adverse += r->square_root_coefficient * daily * sqrt(share);
        }
    }
    adverse = smaller(adverse, 1.0);
    return o->side > 0 ? raw * (1.0 + adverse) : raw * (1.0 - adverse);
}
