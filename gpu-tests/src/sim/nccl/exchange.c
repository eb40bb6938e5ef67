/*
 * The bytes of one collective. Rank 0 is the hub: it takes what each rank gives, in rank order, makes the result and
 * gives each rank its part. A rank that is gone ends it for all, with its number.
 */
#include <stdio.h>

#include "internal.h"

struct order {
    uint64_t count, number;
    int32_t kind, type, op, root;
    int32_t left_out, unused;
};

static size_t given_bytes(const struct sim_exchange *x, int rank) {
    size_t bytes = x->count * sim_type_size(x->type);
    if (x->kind == SIM_REDUCE_SCATTER) return bytes * (size_t)x->comm->ranks;
    return x->kind == SIM_BROADCAST && rank != x->root ? 0 : bytes;
}

static size_t taken_bytes(const struct sim_exchange *x, int rank) {
    size_t bytes = x->count * sim_type_size(x->type);
    if (x->kind == SIM_ALL_GATHER) return bytes * (size_t)x->comm->ranks;
    return x->kind == SIM_REDUCE && rank != x->root ? 0 : bytes;
}

static size_t taken_from(const struct sim_exchange *x, int rank) {
    return x->kind == SIM_REDUCE_SCATTER ? (size_t)rank * taken_bytes(x, rank) : 0;
}

static size_t result_bytes(const struct sim_exchange *x) {
    size_t ranks = (size_t)x->comm->ranks, bytes = x->count * sim_type_size(x->type);
    return x->kind == SIM_ALL_GATHER || x->kind == SIM_REDUCE_SCATTER ? bytes * ranks : bytes;
}

static struct order own_order(const struct sim_exchange *x) {
    int left_out = sim_running_fault("skip", x);
    return (struct order){x->count, x->agreed, (int)x->kind, x->type, x->op, x->root, left_out, 0};
}

static bool same_call(struct order a, struct order b) {
    return a.count == b.count && a.number == b.number && a.kind == b.kind && a.type == b.type && a.op == b.op
        && a.root == b.root;
}

ncclResult_t sim_stopped(enum sim_io io, int rank) {
    if (io == SIM_ABORTED) return sim_fail(ncclInternalError, "the operation was aborted");
    return sim_fail(ncclRemoteError, "Connection closed by rank %d, remote process exited or there was a network error", rank);
}

/* What the hub collects into: a sum, or the bytes as they are. */
struct pot {
    const struct sim_exchange *x;
    struct sim_sum *sum;
    char *bytes;
};

static void put(struct pot *pot, int rank, struct order order, const void *values) {
    size_t bytes = given_bytes(pot->x, rank);
    if (order.left_out) return;
    if (pot->sum != NULL) sim_sum_add(pot->sum, values);
    else if (pot->x->kind == SIM_ALL_GATHER) memcpy(pot->bytes + (size_t)rank * bytes, values, bytes);
    else if (rank == pot->x->root) memcpy(pot->bytes, values, bytes);
}

/* Looks after the other links too: the rank that is waited for may be waiting for one that is gone. */
static enum sim_io await_rank(ncclComm_t comm, int rank, int *gone) {
    for (;;) {
        enum sim_io io = sim_readable(comm, comm->links[rank], 50);
        if (io != SIM_GONE) return io;
        if (sim_lost_link(comm, gone)) return SIM_GONE;
    }
}

static ncclResult_t take_from(struct pot *pot, int rank, char *spare) {
    ncclComm_t comm = pot->x->comm;
    struct order order, own = own_order(pot->x);
    int gone = rank;
    enum sim_io io = await_rank(comm, rank, &gone);
    if (io == SIM_DONE) io = sim_receive(comm, comm->links[rank], &order, sizeof order);
    if (io != SIM_DONE) return sim_stopped(io, gone);
    if (!same_call(own, order))
        return sim_fail(ncclInvalidUsage, "collective %llu differs: rank 0 has kind %d count %llu type %d op %d root %d, "
                        "rank %d has kind %d count %llu type %d op %d root %d",
                        (unsigned long long)own.number, own.kind, (unsigned long long)own.count, own.type, own.op,
                        own.root, rank, order.kind, (unsigned long long)order.count, order.type, order.op, order.root);
    io = sim_receive(comm, comm->links[rank], spare, given_bytes(pot->x, rank));
    if (io != SIM_DONE) return sim_stopped(io, rank);
    put(pot, rank, order, spare);
    return ncclSuccess;
}

static ncclResult_t collect(struct pot *pot, char *spare) {
    put(pot, 0, own_order(pot->x), pot->x->send);
    for (int rank = 1; rank < pot->x->comm->ranks; rank++) {
        ncclResult_t result = take_from(pot, rank, spare);
        if (result != ncclSuccess) return result;
    }
    return ncclSuccess;
}

static ncclResult_t spread(const struct sim_exchange *x, ncclResult_t result, const char *bytes) {
    ncclComm_t comm = x->comm;
    struct sim_answer answer = {.result = result};
    if (result != ncclSuccess) snprintf(answer.text, sizeof answer.text, "rank 0 says: %.200s", sim_last_failure());
    if (result != ncclSuccess && sim_dead_peers_are_silent()) return result;
    for (int rank = 1; rank < comm->ranks; rank++) {
        enum sim_io io = sim_send(comm, comm->links[rank], &answer, sizeof answer);
        if (io == SIM_DONE && result == ncclSuccess)
            io = sim_send(comm, comm->links[rank], bytes + taken_from(x, rank), taken_bytes(x, rank));
        if (io != SIM_DONE && result == ncclSuccess) return sim_stopped(io, rank);
    }
    if (result == ncclSuccess && taken_bytes(x, 0) > 0) memcpy(x->receive, bytes + taken_from(x, 0), taken_bytes(x, 0));
    return result;
}

static ncclResult_t run_hub(const struct sim_exchange *x) {
    size_t values = result_bytes(x) / sim_type_size(x->type);
    bool adds = x->kind == SIM_ALL_REDUCE || x->kind == SIM_REDUCE_SCATTER || x->kind == SIM_REDUCE;
    char *bytes = calloc(1, result_bytes(x) + 1), *spare = malloc(result_bytes(x) + 1);
    struct pot pot = {x, adds ? sim_sum_start(x->type, x->op, values) : NULL, bytes};
    ncclResult_t result;
    if (bytes == NULL || spare == NULL || (adds && pot.sum == NULL)) {
        result = sim_fail(ncclSystemError, "no host memory for a collective");
        free(pot.sum);
    } else {
        result = collect(&pot, spare);
        if (adds) sim_sum_finish(pot.sum, bytes, x->comm->ranks);
        result = spread(x, result, bytes);
    }
    free(bytes);
    free(spare);
    return result;
}

static ncclResult_t run_leaf(const struct sim_exchange *x) {
    ncclComm_t comm = x->comm;
    struct order order = own_order(x);
    struct sim_answer answer;
    int hub = comm->links[0];
    enum sim_io io = sim_send(comm, hub, &order, sizeof order);
    if (io == SIM_DONE) io = sim_send(comm, hub, x->send, given_bytes(x, comm->rank));
    if (io == SIM_DONE) io = sim_receive(comm, hub, &answer, sizeof answer);
    if (io == SIM_DONE && answer.result != ncclSuccess) return sim_fail((ncclResult_t)answer.result, "%s", answer.text);
    if (io == SIM_DONE) io = sim_receive(comm, hub, x->receive, taken_bytes(x, comm->rank));
    return io == SIM_DONE ? ncclSuccess : sim_stopped(io, 0);
}

/* Where this rank's result goes: in an all-gather a block a rank. */
static size_t result_blocks(const struct sim_exchange *x, struct sim_block *blocks) {
    size_t bytes = taken_bytes(x, x->comm->rank), count = x->kind == SIM_ALL_GATHER ? (size_t)x->comm->ranks : 1;
    for (size_t i = 0; bytes > 0 && i < count; i++)
        blocks[i] = (struct sim_block){(char *)x->receive + i * (bytes / count), bytes / count};
    return bytes > 0 ? count : 0;
}

ncclResult_t sim_run_exchange(const struct sim_exchange *x) {
    struct sim_block blocks[SIM_MAX_RANKS];
    struct sim_spoil spoil;
    size_t count = result_blocks(x, blocks);
    sim_before_result(blocks, count, &spoil);
    ncclResult_t result = x->comm->rank == 0 ? run_hub(x) : run_leaf(x);
    if (result == ncclSuccess) sim_after_result(x, blocks, count, &spoil);
    return result;
}
