/* Working orders at a bar: reference_resting.py. */
#include "simulation.h"

static void attempt(simulation *s, order *o, int64_t row, int closing) {
    const request *r = s->r;
    if (!has_bar(r, o->instrument, row)) return;
    if (o->session < 0 && row > o->row) o->session = r->session[row];
    chance c;
    if (!sim_touch(s, o, row, closing, &c) || !sim_may_trade(s, o)) return;
    if (o->session < 0) o->session = r->session[row];
    if (closing && s->quantity[o->instrument] != 0.0) sim_see(s, o->instrument, row);
    if (!missing(c.raw)) sim_execute(s, o, row, &c);
    if (o->state == OPEN && (o->life == IMMEDIATE_OR_CANCEL || o->life == FILL_OR_KILL))
        sim_finish(s, o, CANCELLED);
}

void sim_trade_working(simulation *s, int64_t row, int closing) {
    for (int reducing = 1; reducing >= 0; reducing--)
        for (int64_t k = 0; k < s->working.count; k++) {
            order *o = working_at(s, k);
            if (o->reduces == reducing && o->state == OPEN) attempt(s, o, row, closing);
        }
    sim_clear(s);
}

void sim_expire(simulation *s, int64_t row) {
    if (!s->working.count || !session_ends(s->r, row)) return;
    for (int64_t k = 0; k < s->working.count; k++) {
        order *o = working_at(s, k);
        if (o->life == DAY && o->session == s->r->session[row] && o->state == OPEN)
            sim_finish(s, o, EXPIRED);
    }
    sim_clear(s);
}

int sim_may_trade(simulation *s, order *o) {
    const int side = side_of(s, o->instrument);
    if (!o->reduces) return side != -o->side;
    if (side == -o->side) return 1;
    sim_finish(s, o, CANCELLED);
    return 0;
}

double sim_capped(const simulation *s, double quantity, const double *volume) {
    const request *r = s->r;
    if (r->participation <= 0.0) return quantity;
    double most = r->participation * *volume;
    if (r->lot > 0.0) most = larger(floor(most + 1e-9), 1.0);
    return smaller(quantity, most);
}

static double payable(const simulation *s, const order *o, double price, double budget) {
    if (missing(o->money)) return sim_affordable(s, o, o->remaining, price, budget);
    const double money = smaller(o->money, budget);
    const double quantity = sim_whole(money / (price * (1.0 + s->r->rate)), 0.0);
    return sim_affordable(s, o, quantity, price, money);
}

static double wanted(simulation *s, order *o, const chance *c, int64_t row) {
    const request *r = s->r;
    if (o->reduces) return smaller(o->remaining, fabs(s->quantity[o->instrument]));
    double price = c->raw;
    if (!missing(o->money)) o->remaining = o->money / (price * (1.0 + r->rate));
    if (c->slips) price = sim_slipped(s, o, price, o->remaining, row, c->volume);
    if (!(price > 0.0)) return 0.0;
    if (r->size_at_fill && o->fills == 0 && o->purpose == ENTRY) sim_resize_at_fill(s, o, price);
    const double budget = r->replay_prints ? INFINITY : sim_power_at_fill(s, o);
    const double quantity = payable(s, o, price, budget);
    if (quantity > 0.0) {
        if (missing(o->money) && quantity < o->remaining) {
            o->remaining = quantity;
            o->quantity = o->filled + quantity;
        }
        return quantity;
    }
    if (o->remaining > 0.0)
        sim_refuse(s, o, BUYING_POWER, o->remaining * price, budget, row);
    else
        sim_refuse(s, o, ZERO_SIZE, 0.0, r->lot, row);
    sim_finish(s, o, o->fills == 0 ? REJECTED : CANCELLED);
    return 0.0;
}

void sim_execute(simulation *s, order *o, int64_t row, const chance *c) {
    const double quantity = wanted(s, o, c, row);
    if (!(quantity > 0.0)) return;
    const double part = sim_capped(s, quantity, c->volume);
    if (!(part > 0.0) || (o->life == FILL_OR_KILL && part < quantity)) return;
    const double price = c->slips ? sim_slipped(s, o, c->raw, part, row, c->volume) : c->raw;
    const fill f = {part, c->raw, price, NAN, c->time, row, c->manner, 0};
    const double fee = sim_book(s, o, &f);
    if (!(part < quantity)) {
        if (!missing(o->money)) o->quantity = o->filled;
        sim_finish(s, o, FILLED);
        return;
    }
    o->remaining -= part;
    if (!missing(o->money)) o->money -= part * price + fee;
}
