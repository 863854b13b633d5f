/* Booking a fill: reference_fills.py. */
#include "simulation.h"

static int reason_of(int purpose) {
    if (purpose == EXIT) return 0;
    return purpose == REBALANCE ? 5 : purpose - 2;
}

static void see_price(position *p, double price) {
    p->high = larger(p->high, price);
    p->low = smaller(p->low, price);
}

/* The bars after p->seen up to the row count among the extremes. Missing bars compare false. */
void sim_see(simulation *s, int64_t instrument, int64_t row) {
    position *p = &s->positions[instrument];
    if (p->seen >= row || !s->r->cash_curve) return; /* a summary holds no trades */
    const double *high = s->r->high + instrument * s->r->rows;
    const double *low = s->r->low + instrument * s->r->rows;
    double top[4], bottom[4];
    for (int k = 0; k < 4; k++) top[k] = p->high, bottom[k] = p->low;
    int64_t t = p->seen + 1;
    for (; t + 3 <= row; t += 4)
        for (int k = 0; k < 4; k++) {
            top[k] = larger(top[k], high[t + k]);
            bottom[k] = smaller(bottom[k], low[t + k]);
        }
    for (; t <= row; t++) {
        top[0] = larger(top[0], high[t]);
        bottom[0] = smaller(bottom[0], low[t]);
    }
    p->high = larger(larger(top[0], top[1]), larger(top[2], top[3]));
    p->low = smaller(smaller(bottom[0], bottom[1]), smaller(bottom[2], bottom[3]));
    p->seen = row;
}

static void close_position(simulation *s, int64_t i) {
    position *p = &s->positions[i];
    s->shorts -= s->quantity[i] < 0.0;
    s->held--;
    s->quantity[i] = p->fees = p->exposure = 0.0;
    s->guards -= s->guarded[i];
    s->guarded[i] = 0;
    p->stop = p->target = NAN;
    sim_changed(s, i);
}

static double share_of(const order *o, const fill *f, double fee) {
    if (missing(o->money)) return f->quantity >= o->remaining ? 1.0 : f->quantity / o->remaining;
    const double spent = f->quantity * f->price + fee;
    return spent >= o->money ? 1.0 : spent / o->money;
}

static void increase(simulation *s, order *o, const fill *f, double fee) {
    const int64_t i = o->instrument;
    position *p = &s->positions[i];
    const double held = fabs(s->quantity[i]);
    if (held == 0.0) {
        p->price = p->high = p->low = p->water = f->price;
        s->last[i] = f->price;
        p->bars = 0;
        if (f->manner == AT_CLOSE) s->last[i] = s->r->close[cell(s->r, i, f->row)];
        p->entry_row = f->row;
        p->entry_time = f->time;
        p->manner = f->manner;
        p->seen = f->manner == AT_OPEN ? f->row - 1 : f->row;
        s->held++;
        s->shorts += o->side < 0;
        if (f->manner != AT_OPEN && f->manner != AT_CLOSE)
            see_price(p, s->r->close[cell(s->r, i, f->row)]);
        sim_changed(s, i);
    } else {
        const double cost = p->price * held + f->price * f->quantity;
        p->price = cost / (held + f->quantity);
    }
    s->quantity[i] += o->side * f->quantity;
    p->fees += fee;
    const double moved = o->reserved * share_of(o, f, fee);
    sim_release(s, o, moved);
    p->exposure += moved;
    s->exposure += moved;
}

static void record_trade(simulation *s, order *o, const fill *f, double profit, double fees,
                         double other) {
    const position *p = &s->positions[o->instrument];
    if (o->trade < 0) {
        trade_row *made = sim_append(s, &s->trades, sizeof(trade_row));
        o->trade = s->trades.count - 1;
        s->trades_made++;
        *made = (trade_row){.entry_time = p->entry_time,
                            .entry_price = p->price,
                            .exit_price = f->price,
                            .symbol = o->instrument,
                            .side = side_of(s, o->instrument),
                            .reason = reason_of(o->purpose),
                            .entry_bar = (int32_t)p->entry_row};
    }
    trade_row *t = (trade_row *)s->trades.rows + o->trade;
    if (t->quantity > 0.0) {
        const double total = t->exit_price * t->quantity + f->price * f->quantity;
        t->exit_price = total / (t->quantity + f->quantity);
    }
    t->exit_time = f->time;
    t->exit_bar = (int32_t)f->row;
    t->quantity += f->quantity;
    t->profit += profit;
    t->fees += fees;
    t->best_profit += larger(profit, other);
    t->worst_profit += smaller(profit, other);
    if (!missing(f->other)) t->ambiguous = 1;
    const double up = (p->high - t->entry_price) * t->quantity;
    const double down = (p->low - t->entry_price) * t->quantity;
    t->mfe = t->side > 0 ? up : -down;
    t->mae = t->side > 0 ? down : -up;
}

static void reduce(simulation *s, order *o, const fill *f, double fee, double other_fee) {
    const int64_t i = o->instrument;
    position *p = &s->positions[i];
    const double held = fabs(s->quantity[i]);
    const int side = side_of(s, i);
    const double entry_fee = f->quantity >= held ? p->fees : p->fees * (f->quantity / held);
    const double gain = side * (f->price - p->price) * f->quantity;
    const double profit = gain - entry_fee - fee;
    see_price(p, f->price);
    double other = profit;
    if (!missing(f->other))
        other = side * (f->other - p->price) * f->quantity - entry_fee - other_fee;
    record_trade(s, o, f, profit, entry_fee + fee, other);
    if (o->purpose == EXIT) {
        s->guards -= s->guarded[i];
        s->guarded[i] = 0;
    }
    p->fees -= entry_fee;
    const double before = p->exposure;
    if (f->quantity >= held) {
        close_position(s, i);
    } else {
        s->quantity[i] -= side * f->quantity;
        p->exposure = before * ((held - f->quantity) / held);
    }
    s->exposure += p->exposure - before;
    if (s->held == 0) s->exposure = 0.0;
}

double sim_book(simulation *s, order *o, const fill *f) {
    const double value = f->quantity * f->price;
    const double other_fee =
        missing(f->other) ? 0.0 : sim_expected_fee(s, o, f->quantity, f->other);
    const double fee = f->unpaid ? 0.0 : sim_charge(s, o, f->quantity, f->price);
    s->cash = (o->side > 0 ? s->cash - value : s->cash + value) - fee;
    s->slippage += fabs(f->price - f->raw) * f->quantity;
    s->traded_value += value;
    if (o->fills == 0) o->first_price = f->price;
    o->fills++;
    o->value += value;
    o->filled += f->quantity;
    fill_row *made = sim_append(s, &s->fills, sizeof(fill_row));
    *made = (fill_row){f->time, f->quantity, f->price, fee, o->number, 0};
    /* the extremes up to the row before are seen late here, at once in the reference */
    if (o->reduces) {
        sim_see(s, o->instrument, f->row - 1);
        reduce(s, o, f, fee, other_fee);
    } else {
        increase(s, o, f, fee);
        sim_protect(s, o->instrument, o);
    }
    return fee;
}
