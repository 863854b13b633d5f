/* Corporate actions, interest, margin calls, the end: reference_actions.py. */
#include "simulation.h"

#define NINE_DECIMALS 1e9

static void close_now(simulation *s, int64_t i, int purpose, fill f) {
    order *o = sim_draft(s, i, -side_of(s, i), purpose, fabs(s->quantity[i]), f.row, 1);
    o->decided_at = f.time;
    o->state = FILLED;
    sim_send(s, o);
    f.quantity = o->quantity;
    if (!f.unpaid) {
        const double *volume = s->r->volume + cell(s->r, i, f.row);
        f.price = sim_slipped(s, o, f.raw, f.quantity, f.row, volume);
    }
    sim_book(s, o, &f);
}

static void split_order(order *o, double ratio) {
    const double remaining = o->remaining * ratio;
    const double rounded = trunc(remaining * NINE_DECIMALS + 1e-3) / NINE_DECIMALS;
    o->remaining = rounded;
    o->quantity = o->filled + rounded;
    o->limit /= ratio;
    o->stop /= ratio;
    o->water /= ratio;
    o->size_distance /= ratio;
    o->stop_distance /= ratio;
    o->target_distance /= ratio;
    o->trail_distance /= ratio;
}

static void split(simulation *s, int64_t i, int64_t row, double ratio) {
    position *p = &s->positions[i];
    if (s->quantity[i] != 0.0) {
        sim_see(s, i, row - 1);
        const double quantity = s->quantity[i] * ratio;
        const int fine = s->r->lot <= 0.0;
        s->quantity[i] = fine ? quantity : nearbyint(quantity * NINE_DECIMALS) / NINE_DECIMALS;
        p->price /= ratio;
        p->high /= ratio;
        p->low /= ratio;
        s->last[i] /= ratio;
        p->stop_distance /= ratio;
        p->target_distance /= ratio;
        p->trail_distance /= ratio;
        p->stop /= ratio;
        p->target /= ratio;
        p->water /= ratio;
    }
    for (int64_t k = 0; k < s->working.count; k++) {
        order *o = working_at(s, k);
        if (o->instrument == i && o->state == OPEN) split_order(o, ratio);
    }
}

void sim_happen(simulation *s, int64_t which) {
    const request *r = s->r;
    const int64_t i = r->happening_instrument[which], row = r->happening_row[which];
    const double value = r->happening_value[which];
    if (r->happening_kind[which] == SPLIT) {
        split(s, i, row, value);
    } else if (r->happening_kind[which] == DIVIDEND) {
        const double amount = s->quantity[i] * value;
        s->cash += amount;
        s->dividends += amount;
    } else if (r->happening_kind[which] == DELISTED) {
        sim_cancel(s, i, 0);
        sim_cancel(s, i, 1);
        sim_clear(s);
        if (s->quantity[i] != 0.0)
            close_now(s, i, DELISTING, (fill){0.0, value, value, NAN, r->opens[row], row, AT_OPEN, 1});
    }
}

void sim_pay_interest(simulation *s, int64_t row) {
    const request *r = s->r;
    const double days = (double)r->days[row];
    if (days <= 0.0) return;
    double sold = 0.0;
    if (s->shorts)
        for (int64_t i = 0; i < r->instruments; i++)
            if (s->quantity[i] < 0.0) sold += -s->quantity[i] * s->last[i];
    const double borrow = sold * r->borrow_rate * days / 360.0;
    const double interest = s->cash < 0.0 ? -s->cash * r->interest_rate * days / 360.0 : 0.0;
    s->cash = s->cash - borrow - interest;
    s->borrow += borrow;
    s->interest += interest;
}

void sim_call_margin(simulation *s, int64_t row) {
    const request *r = s->r;
    const double maintenance = r->maintenance;
    if (maintenance <= 0.0 || !(s->equity < maintenance * s->gross)) return;
    double staying = 0.0;
    for (int64_t i = 0; i < r->instruments; i++)
        if (s->quantity[i] != 0.0 && s->positions[i].exits == 0)
            staying += fabs(s->quantity[i]) * s->last[i];
    while (s->equity < maintenance * staying) {
        int64_t largest = -1;
        double value = 0.0;
        for (int64_t i = 0; i < r->instruments; i++) {
            const double here = s->quantity[i] != 0.0 ? fabs(s->quantity[i]) * s->last[i] : 0.0;
            if (s->positions[i].exits == 0 && here > value) largest = i, value = here;
        }
        if (largest < 0) return;
        sim_cancel(s, largest, 0);
        sim_leave(s, largest, MARGIN_CALL, row);
        staying -= value;
    }
}

void sim_close_all(simulation *s, int64_t row) {
    const request *r = s->r;
    for (int64_t i = 0; i < r->instruments; i++) {
        sim_cancel(s, i, 0);
        sim_cancel(s, i, 1);
        if (s->quantity[i] == 0.0) continue;
        sim_see(s, i, row);
        close_now(s, i, END, (fill){0.0, s->last[i], s->last[i], NAN, r->time[row], row, AT_CLOSE, 0});
    }
    sim_clear(s);
}
