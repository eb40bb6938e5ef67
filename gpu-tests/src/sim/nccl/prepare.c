/* What a program calls, checked and made into operations that can be enqueued: host memory, and a stream of its context. */
#include "internal.h"

#define FIRST_VERSION_WITH_FLOAT8 22400

static bool is_point_to_point(const struct sim_collective *c) { return c->kind == SIM_SEND || c->kind == SIM_RECEIVE; }

/* How many times its count of elements a rank reads and writes. */
static size_t blocks_sent(const struct sim_collective *c) {
    switch (c->kind) {
        case SIM_REDUCE_SCATTER: return (size_t)c->comm->ranks;
        case SIM_BROADCAST: return c->comm->rank == c->root;
        case SIM_RECEIVE: return 0;
        default: return 1;
    }
}

static size_t blocks_received(const struct sim_collective *c) {
    switch (c->kind) {
        case SIM_ALL_GATHER: return (size_t)c->comm->ranks;
        case SIM_REDUCE: return c->comm->rank == c->root;
        case SIM_SEND: return 0;
        default: return 1;
    }
}

static ncclResult_t check(const struct sim_collective *c) {
    const struct sim_hooks *cuda = sim_cuda();
    int version = 0;
    ncclGetVersion(&version);
    int types = version >= FIRST_VERSION_WITH_FLOAT8 ? SIM_TYPES : ncclFloat8e4m3;
    if (c->type < 0 || c->type >= types) return sim_fail(ncclInvalidArgument, "invalid type %d", c->type);
    if (c->op < 0 || c->op >= SIM_OPS) return sim_fail(ncclInvalidArgument, "invalid reduction operation %d", c->op);
    if (c->root < 0 || c->root >= c->comm->ranks)
        return sim_fail(ncclInvalidArgument, "invalid %s %d", is_point_to_point(c) ? "peer" : "root", c->root);
    if (c->count > SIZE_MAX / 8 / SIM_MAX_RANKS) return sim_fail(ncclInvalidArgument, "invalid count %zu", c->count);
    size_t bytes = c->count * sim_type_size(c->type), sent = blocks_sent(c) * bytes, received = blocks_received(c) * bytes;
    if (sent > 0 && cuda->backing((uintptr_t)c->send, sent) == NULL)
        return sim_fail(ncclInvalidArgument, "sendbuff %p is not %zu bytes of device memory", c->send, sent);
    if (received > 0 && cuda->backing((uintptr_t)c->receive, received) == NULL)
        return sim_fail(ncclInvalidArgument, "recvbuff %p is not %zu bytes of device memory", c->receive, received);
    return ncclSuccess;
}

static void *host_memory(const void *device, size_t bytes) {
    return bytes > 0 ? sim_cuda()->backing((uintptr_t)device, bytes) : NULL;
}

static struct sim_exchange *operation(const struct sim_collective *c) {
    struct sim_exchange *x = calloc(1, sizeof *x);
    if (x == NULL) abort();
    size_t bytes = c->count * sim_type_size(c->type);
    *x = (struct sim_exchange){.comm = c->comm, .kind = is_point_to_point(c) ? SIM_SEND_RECV : c->kind, .count = c->count,
                               .type = c->type, .op = c->op, .root = c->root};
    if (is_point_to_point(c)) return x;
    x->send = host_memory(c->send, blocks_sent(c) * bytes);
    x->receive = host_memory(c->receive, blocks_received(c) * bytes);
    return x;
}

static void add_transfer(struct sim_exchange *x, const struct sim_collective *c) {
    struct sim_transfer *transfer = calloc(1, sizeof *transfer), **end = &x->transfers;
    if (transfer == NULL) abort();
    size_t bytes = c->count * sim_type_size(c->type);
    bool sends = c->kind == SIM_SEND;
    void *at = host_memory(sends ? c->send : c->receive, bytes);
    *transfer = (struct sim_transfer){sends, c->root, c->type, at, bytes, NULL};
    while (*end != NULL) end = &(*end)->next;
    *end = transfer;
}

/* What a rank sends to itself it has to receive in the same group. */
static ncclResult_t check_own_transfers(const struct sim_exchange *x) {
    long sends = 0;
    for (struct sim_transfer *t = x->transfers; t != NULL; t = t->next) {
        if (t->peer == x->comm->rank) sends += t->sends ? 1 : -1;
    }
    if (sends == 0) return ncclSuccess;
    return sim_fail(ncclInvalidUsage, "rank %d sends to itself %s in this group than it receives", x->comm->rank,
                    sends > 0 ? "more often" : "less often");
}

void sim_free_exchanges(struct sim_exchange *first) {
    while (first != NULL) {
        struct sim_exchange *x = first;
        first = x->next;
        while (x->transfers != NULL) {
            struct sim_transfer *transfer = x->transfers;
            x->transfers = transfer->next;
            free(transfer);
        }
        free(x);
    }
}

ncclResult_t sim_prepare(const struct sim_collective *collectives, size_t count, struct sim_exchange **first) {
    struct sim_exchange *pairs = NULL, **end = first;
    ncclComm_t comm = collectives->comm;
    ncclResult_t result = ncclSuccess;
    for (size_t i = 0; i < count && result == ncclSuccess; i++) {
        const struct sim_collective *c = &collectives[i];
        if (c->comm != comm) continue;
        result = check(c);
        if (result != ncclSuccess) break;
        struct sim_exchange *x = is_point_to_point(c) ? pairs : NULL;
        void *stream = NULL;
        int cuda_result = sim_cuda()->resolve_stream(c->stream, &stream);
        if (cuda_result != 0)
            result = sim_fail(ncclUnhandledCudaError, "Cuda failure %d '%s'", cuda_result,
                              sim_cuda()->error_text(cuda_result));
        else if (x != NULL && stream != x->resolved_stream)
            result = sim_fail(ncclInvalidUsage, "this simulation wants all sends and receives of a group on one stream");
        if (result != ncclSuccess) break;
        if (x == NULL) {
            *end = x = operation(c);
            end = &x->next;
            x->resolved_stream = stream;
        }
        if (!is_point_to_point(c)) continue;
        pairs = x;
        add_transfer(x, c);
    }
    if (result == ncclSuccess && pairs != NULL) result = check_own_transfers(pairs);
    if (result == ncclSuccess) return ncclSuccess;
    sim_free_exchanges(*first);
    *first = NULL;
    return result;
}
