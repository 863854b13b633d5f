/* What is exposed with an order: reference_exposure.py. */
#include "simulation.h"

/* What a reversal closes first: its market value and its exposure. */
double sim_leaving(const simulation *s, const order *o, double *exposure) {
    const int64_t i = o->instrument;
    *exposure = 0.0;
    if (side_of(s, i) * o->side >= 0) return 0.0;
    *exposure = s->positions[i].exposure;
    return fabs(s->quantity[i]) * s->last[i];
}

static int beyond(simulation *s, const order *o, int code, double after, double limit, int64_t row) {
    if (!(after > limit)) return 0;
    sim_refuse(s, o, code, after, limit, row);
    return 1;
}

static double net_with(const simulation *s, const order *o) {
    const int64_t i = o->instrument;
    double net = s->net;
    if (side_of(s, i) * o->side < 0) net -= s->quantity[i] * s->last[i];
    return (o->side > 0 ? net : -net) + s->reserved;
}

static double symbol_with(const simulation *s, const order *o, double left, double reserved) {
    const int64_t i = o->instrument;
    const position *p = &s->positions[i];
    const double market = s->quantity[i] != 0.0 ? fabs(s->quantity[i]) * s->last[i] : 0.0;
    const double used = p->reserved + p->exposure - reserved;
    return larger(used, market - left + p->reserved);
}

static double sector_with(const simulation *s, const order *o, double left, double reserved) {
    const request *r = s->r;
    if (r->limit_sector == INFINITY || !r->sector) return -INFINITY;
    const int32_t mine = r->sector[o->instrument];
    if (mine < 0) return -INFINITY;
    double total = 0.0;
    for (int64_t i = 0; i < r->instruments; i++) {
        if (r->sector[i] != mine) continue;
        double used = s->positions[i].reserved + s->positions[i].exposure;
        double market = s->quantity[i] != 0.0 ? fabs(s->quantity[i]) * s->last[i] : 0.0;
        if (i == o->instrument) used -= reserved, market -= left;
        total += larger(used, market);
    }
    return total;
}

int sim_beyond_exposure(simulation *s, const order *o, double value, int64_t row) {
    const request *r = s->r;
    double reserved;
    const double left = sim_leaving(s, o, &reserved);
    const double used = s->reserved + s->exposure - reserved;
    const double gross = larger(used, s->gross - left + s->reserved) + value;
    if (beyond(s, o, EXPOSURE_GROSS, gross, r->limit_gross, row)) return 1;
    if (s->limited && beyond(s, o, EXPOSURE_NET, net_with(s, o) + value, r->limit_net, row)) return 1;
    const double symbol = symbol_with(s, o, left, reserved) + value;
    if (beyond(s, o, EXPOSURE_SYMBOL, symbol, r->limit_symbol, row)) return 1;
    if (!s->limited) return 0;
    const double sector = sector_with(s, o, left, reserved) + value;
    if (beyond(s, o, EXPOSURE_SECTOR, sector, r->limit_sector, row)) return 1;
    const double strategy = s->gross - left + s->reserved + value;
    return beyond(s, o, EXPOSURE_STRATEGY, strategy, r->limit_strategy, row);
}
