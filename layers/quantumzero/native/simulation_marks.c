/* Valuing the account at the closes: _mark and _record of reference.py. */
#include "simulation.h"

/* The row's closes in one piece. */
static const double *closes_of(simulation *s, int64_t row) {
    const request *r = s->r;
    const int64_t n = r->instruments;
    if (row < s->tile_from || row >= s->tile_from + TILE) {
        s->tile_from = row - row % TILE;
        const int64_t rows = r->rows - s->tile_from < TILE ? r->rows - s->tile_from : TILE;
        for (int64_t i = 0; i < n; i++)
            for (int64_t k = 0; k < rows; k++)
                s->tile[k * n + i] = r->close[cell(r, i, s->tile_from + k)];
    }
    return s->tile + (row - s->tile_from) * n;
}

void sim_mark_row(simulation *s, int64_t row) {
    const request *r = s->r;
    if (!s->held) {
        s->equity = s->cash;
        s->net = s->gross = 0.0;
        return;
    }
    if (r->instruments == 1) {
        if (!missing(r->close[row])) s->last[0] = r->close[row];
    } else {
        const double *close = closes_of(s, row);
        for (int64_t i = 0; i < r->instruments; i++)
            s->last[i] = missing(close[i]) ? s->last[i] : close[i];
    }
    if (r->time_stop_bars > 0)
        for (int64_t i = 0; i < r->instruments; i++)
            if (s->quantity[i] != 0.0 && has_bar(r, i, row) && row > s->positions[i].entry_row)
                s->positions[i].bars++;
    s->net = sim_worth(s, &s->gross);
    s->equity = s->cash + s->net;
}

void sim_record_row(simulation *s, int64_t row) {
    const request *r = s->r;
    r->equity_curve[row] = s->cash + s->net;
    if (!r->cash_curve) return;
    r->cash_curve[row] = s->cash;
    r->gross_curve[row] = s->gross;
    r->net_curve[row] = s->net;
}

static void fill_with(double *restrict to, int64_t from, int64_t until, double value) {
    for (int64_t t = from; t < until; t++) to[t] = value;
}

/* The only holding, which has every bar. Rows are valued eight at a time, also some beyond the end
 * of the stretch: those are valued again later. */
static void mark_single(simulation *s, int64_t i, int64_t from, int64_t end) {
    const request *r = s->r;
    const int64_t eights = from + (end - from + 7) / 8 * 8;
    const int64_t until = eights <= r->rows ? eights : end;
    const double *restrict close = r->close + i * r->rows;
    const double quantity = s->quantity[i], size = fabs(quantity), cash = s->cash;
    double *restrict equity = r->equity_curve;
    if (!r->cash_curve) {
        for (int64_t t = from; t < until; t++) equity[t] = cash + quantity * close[t];
    } else {
        double *restrict gross = r->gross_curve, *restrict net = r->net_curve;
        double *restrict rest = r->cash_curve;
        for (int64_t t = from; t < until; t++) {
            const double value = quantity * close[t];
            net[t] = value;
            gross[t] = size * close[t];
            equity[t] = cash + value;
            rest[t] = cash;
        }
    }
    s->last[i] = close[end - 1];
}

static void add_values(simulation *s, int64_t i, int64_t from, int64_t until, double *net,
                       double *gross) {
    const double *close = s->r->close + i * s->r->rows;
    const double quantity = s->quantity[i], size = fabs(quantity);
    double last = s->last[i];
    for (int64_t t = from; t < until; t++) {
        if (!missing(close[t])) last = close[t];
        net[t] += quantity * last;
        gross[t] += size * last;
    }
    s->last[i] = last;
}

/* Value the rows [from, until), on which nothing changes hands. */
void sim_mark_quiet(simulation *s, int64_t from, int64_t until) {
    const request *r = s->r;
    const int64_t n = r->instruments;
    if (from >= until) return;
    if (!s->held) {
        const int64_t eights = from + (until - from + 7) / 8 * 8;
        if (eights <= r->rows) until = eights;
        fill_with(r->equity_curve, from, until, s->cash);
        if (!r->cash_curve) return;
        fill_with(r->cash_curve, from, until, s->cash);
        fill_with(r->gross_curve, from, until, 0.0);
        fill_with(r->net_curve, from, until, 0.0);
        return;
    }
    if (n == 1 && s->complete[0]) {
        mark_single(s, 0, from, until);
        return;
    }
    if (until - from < 4) {
        for (int64_t t = from; t < until; t++) {
            sim_mark_row(s, t);
            sim_record_row(s, t);
        }
        return;
    }
    double *net = r->cash_curve ? r->net_curve : s->scratch;
    double *gross = r->cash_curve ? r->gross_curve : s->scratch + r->rows;
    fill_with(net, from, until, 0.0);
    fill_with(gross, from, until, 0.0);
    for (int64_t i = 0; i < n; i++)
        if (s->quantity[i] != 0.0) add_values(s, i, from, until, net, gross);
    for (int64_t t = from; t < until; t++) r->equity_curve[t] = s->cash + net[t];
    if (r->cash_curve) fill_with(r->cash_curve, from, until, s->cash);
}
