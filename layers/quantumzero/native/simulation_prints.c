/* Filling market day orders from prints: reference_prints.py. */
#include "simulation.h"

static int waits(const order *o) { return o->kind == MARKET && o->life == DAY && o->state == OPEN; }

static void trade_print(simulation *s, int64_t i, int64_t row, int64_t at, int manner) {
    const request *r = s->r;
    const chance c = {r->detail_open[at], r->detail_volume + at, r->detail_time[at], manner, 1};
    for (int64_t k = 0; k < s->working.count; k++) {
        order *o = working_at(s, k);
        if (o->instrument == i && waits(o) && sim_may_trade(s, o)) sim_execute(s, o, row, &c);
    }
}

void sim_trade_prints(simulation *s, int64_t row) {
    const request *r = s->r;
    if (!r->detail_start || !s->working.count) return;
    for (int64_t i = 0; i < r->instruments; i++) s->cursor[i] = -1;
    for (int64_t k = 0; k < s->working.count; k++) {
        order *o = working_at(s, k);
        if (!waits(o)) continue;
        if (o->session < 0 && has_bar(r, o->instrument, row)) o->session = r->session[row];
        s->cursor[o->instrument] = r->detail_start[o->instrument * (r->rows + 1) + row];
    }
    for (;;) {
        int64_t first = -1;
        for (int64_t i = 0; i < r->instruments; i++) {
            const int64_t at = s->cursor[i];
            if (at < 0 || at >= r->detail_start[i * (r->rows + 1) + row + 1]) continue;
            if (first < 0 || r->detail_time[at] < r->detail_time[s->cursor[first]]) first = i;
        }
        if (first < 0) break;
        const int64_t at = s->cursor[first]++;
        const int opening = at == r->detail_start[first * (r->rows + 1) + row];
        trade_print(s, first, row, at, opening ? AT_OPEN : INSIDE_BY_LIMIT);
    }
    sim_clear(s);
}
