/* Memory, working orders and refusals: reference_state.py. */
#include "simulation.h"

#include <stdlib.h>

#define LEAST_ROOM 256

static int grow(table *to, int64_t room, int64_t bytes) {
    if (room <= to->room) return 1;
    void *rows = realloc(to->rows, (size_t)(room * bytes));
    if (!rows) return 0;
    to->rows = rows;
    to->room = room;
    return 1;
}

void *sim_append(simulation *s, table *to, int64_t bytes) {
    if (to->count == to->room && !grow(to, to->room * 2, bytes)) {
        s->failed = 1;
        to->count = 0; /* go on in the room there is: the run does not count */
    }
    return (char *)to->rows + bytes * to->count++;
}

/* A new order in its place in the table, which counts only once it is sent. It stays there until
 * the next draft; older orders may move. */
order *sim_draft(simulation *s, int64_t instrument, int side, int purpose, double quantity,
                 int64_t row, int reduces) {
    order *made = sim_append(s, &s->orders, sizeof(order));
    s->orders.count--;
    memset(made, 0, sizeof *made);
    made->number = (int32_t)s->orders.count;
    made->instrument = (int32_t)instrument;
    made->side = side;
    made->purpose = purpose;
    made->quantity = quantity;
    made->row = row;
    made->decided_at = s->r->time[row];
    made->reduces = reduces;
    made->session = made->trade = -1;
    made->money = made->amount = made->size_distance = made->limit = made->stop = NAN;
    made->water = made->first_price = NAN;
    made->stop_distance = made->target_distance = made->trail_distance = NAN;
    return made;
}

void sim_send(simulation *s, order *draft) {
    draft->remaining = draft->quantity;
    s->orders.count++;
}

/* The instrument's state has changed: which signal it waits for has to be looked up again. */
void sim_changed(simulation *s, int64_t instrument) {
    if (s->stale[instrument]) return;
    s->stale[instrument] = 1;
    s->changed[s->changes++] = (int32_t)instrument;
}

void sim_work(simulation *s, order *o) {
    sim_append(s, &s->working, sizeof(int64_t));
    int64_t *places = s->working.rows;
    int64_t place = s->working.count - 1;
    while (place > 0 && order_at(s, places[place - 1])->instrument > o->instrument) {
        places[place] = places[place - 1];
        place--;
    }
    places[place] = o->number;
    /* The price that it will ask for first lies far from those of other instruments. */
    __builtin_prefetch(s->r->open + cell(s->r, o->instrument, o->row) + 1);
    sim_changed(s, o->instrument);
    position *p = &s->positions[o->instrument];
    if (o->reduces) {
        p->exits++;
        s->exits++;
        return;
    }
    p->entries++;
    s->entries++;
    p->reserved += o->reserved;
    s->reserved += o->reserved;
}

void sim_finish(simulation *s, order *o, int state) {
    o->state = state;
    sim_changed(s, o->instrument);
    position *p = &s->positions[o->instrument];
    if (o->reduces) {
        p->exits--;
        s->exits--;
        return;
    }
    p->entries--;
    s->entries--;
    sim_release(s, o, o->reserved);
    if (p->entries == 0) p->reserved = 0.0;
    if (s->entries == 0) s->reserved = 0.0;
}

void sim_release(simulation *s, order *o, double amount) {
    o->reserved -= amount;
    s->positions[o->instrument].reserved -= amount;
    s->reserved -= amount;
}

void sim_cancel(simulation *s, int64_t instrument, int reduces) {
    const position *p = &s->positions[instrument];
    if (!(reduces ? p->exits : p->entries)) return;
    for (int64_t k = 0; k < s->working.count; k++) {
        order *o = working_at(s, k);
        if (o->instrument == instrument && o->state == OPEN && o->reduces == reduces)
            sim_finish(s, o, CANCELLED);
    }
}

void sim_clear(simulation *s) {
    int64_t *places = s->working.rows;
    int64_t kept = 0;
    for (int64_t k = 0; k < s->working.count; k++)
        if (order_at(s, places[k])->state == OPEN) places[kept++] = places[k];
    s->working.count = kept;
}

void sim_refuse(simulation *s, const order *o, int code, double value, double limit, int64_t row) {
    refusal_row *made = sim_append(s, &s->refusals, sizeof(refusal_row));
    *made = (refusal_row){row, o->quantity, value, limit, o->instrument, o->side > 0 ? 0 : 1, code, 0};
}

static int no_room(void *allocated) { return allocated == NULL; }

static int make_room(simulation *s, int64_t n) {
    if (n <= s->instruments_room) return 1;
    free(s->quantity), free(s->last), free(s->positions), free(s->guarded), free(s->complete);
    free(s->stale), free(s->next), free(s->changed), free(s->cursor), free(s->tile);
    const size_t count = (size_t)n;
    s->quantity = malloc(count * sizeof(double));
    s->last = malloc(count * sizeof(double));
    s->positions = malloc(count * sizeof(position));
    s->guarded = malloc(count);
    s->complete = malloc(count);
    s->stale = malloc(count);
    s->next = malloc(count * sizeof(int32_t));
    s->changed = malloc(count * sizeof(int32_t));
    s->cursor = malloc(count * sizeof(int64_t));
    s->tile = malloc(count * TILE * sizeof(double));
    s->instruments_room = 0;
    if (no_room(s->quantity) || no_room(s->last) || no_room(s->positions) || no_room(s->guarded) ||
        no_room(s->complete) || no_room(s->stale) || no_room(s->next) || no_room(s->changed) ||
        no_room(s->cursor) || no_room(s->tile))
        return 0;
    s->instruments_room = n;
    return 1;
}

static int has_every_bar(const double *close, int64_t rows) {
    int gaps = 0;
    for (int64_t t = 0; t < rows; t++) gaps |= close[t] != close[t];
    return !gaps;
}

/* Take room for the request and see which instruments have every bar; 0: memory was refused. */
int sim_prepare(simulation *s, const request *r) {
    if (!make_room(s, r->instruments)) return 0;
    if (!grow(&s->orders, LEAST_ROOM, sizeof(order)) ||
        !grow(&s->fills, LEAST_ROOM, sizeof(fill_row)) ||
        !grow(&s->trades, LEAST_ROOM, sizeof(trade_row)) ||
        !grow(&s->refusals, LEAST_ROOM, sizeof(refusal_row)) ||
        !grow(&s->working, LEAST_ROOM, sizeof(int64_t)))
        return 0;
    if (r->rows * 2 > s->scratch_room) {
        free(s->scratch);
        s->scratch = malloc((size_t)(r->rows * 2) * sizeof(double));
        s->scratch_room = s->scratch ? r->rows * 2 : 0;
        if (!s->scratch) return 0;
    }
    for (int64_t i = 0; i < r->instruments; i++)
        s->complete[i] = (uint8_t)has_every_bar(r->close + i * r->rows, r->rows);
    return 1;
}

QZ_EXPORT simulation *qz_simulation_new(void) { return calloc(1, sizeof(simulation)); }

QZ_EXPORT void qz_simulation_free(simulation *s) {
    free(s->orders.rows), free(s->fills.rows), free(s->trades.rows), free(s->refusals.rows);
    free(s->working.rows), free(s->quantity), free(s->last), free(s->positions), free(s->guarded);
    free(s->complete), free(s->stale), free(s->next), free(s->changed), free(s->cursor);
    free(s->scratch), free(s->tile), free(s);
}
