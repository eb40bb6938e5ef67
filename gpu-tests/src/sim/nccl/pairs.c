/*
 * The sends and receives of one group, all at once. Between two ranks the first send meets the first receive, and so
 * on. A send is done when its receiver has all of it and says so: one whose peer never receives hangs, as on GPUs.
 */
#define _GNU_SOURCE /* POLLRDHUP */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "internal.h"

enum answer { REFUSED, RECEIVED }; /* one byte, from the receiver */
enum step { STUCK, MOVED, GONE, FAILED };

struct header {
    uint64_t bytes;
    int32_t type, left_out;
};

struct motion {
    const struct sim_transfer *transfer;
    struct header header;
    size_t header_done, done;
    uint64_t not_before;
    bool finished;
    char *unwanted; /* takes the place of the buffer where the sender's part is left out */
};

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static enum step differ(int from, int to, struct header sent) {
    sim_fail(ncclInvalidUsage, "rank %d sends %llu bytes of type %d to rank %d, which receives another number or type", from,
             (unsigned long long)sent.bytes, sent.type, to);
    return FAILED;
}

static enum step move(int fd, void *data, size_t bytes, size_t *done, bool out) {
    char *at = (char *)data + *done;
    ssize_t moved = out ? send(fd, at, bytes - *done, MSG_NOSIGNAL) : recv(fd, at, bytes - *done, 0);
    if (moved < 0 && (errno == EAGAIN || errno == EINTR)) return STUCK;
    if (moved <= 0) return GONE;
    *done += (size_t)moved;
    return MOVED;
}

static enum step push(ncclComm_t comm, struct motion *m) {
    int fd = sim_direct_out(comm, m->transfer->peer);
    if (fd < 0) return GONE;
    unsigned char answer;
    size_t answered = 0;
    enum step step = move(fd, &answer, 1, &answered, false);
    if (step == GONE) return GONE;
    if (step == MOVED && answer == REFUSED) return differ(comm->rank, m->transfer->peer, m->header);
    m->finished = step == MOVED;
    if (m->finished || now_ns() < m->not_before) return step;
    if (m->header_done < sizeof m->header) return move(fd, &m->header, sizeof m->header, &m->header_done, true);
    if (m->done < m->transfer->bytes) return move(fd, m->transfer->at, m->transfer->bytes, &m->done, true);
    return STUCK;
}

static enum step answer(int fd, unsigned char what) { return send(fd, &what, 1, MSG_NOSIGNAL) == 1 ? MOVED : GONE; }

static enum step pull(ncclComm_t comm, struct motion *m) {
    const struct sim_transfer *t = m->transfer;
    int fd = comm->direct_in[t->peer];
    if (fd < 0) return sim_direct_out(comm, t->peer) < 0 ? GONE : STUCK;
    if (m->header_done < sizeof m->header) {
        enum step step = move(fd, &m->header, sizeof m->header, &m->header_done, false);
        if (m->header_done < sizeof m->header) return step;
        if (m->header.bytes != t->bytes || m->header.type != t->type) {
            answer(fd, REFUSED);
            return differ(t->peer, comm->rank, m->header);
        }
        if (m->header.left_out) m->unwanted = malloc(t->bytes + 1);
    }
    if (m->done < t->bytes) {
        enum step step = move(fd, m->unwanted != NULL ? m->unwanted : t->at, t->bytes, &m->done, false);
        if (m->done < t->bytes) return step;
    }
    m->finished = true;
    return answer(fd, RECEIVED);
}

/* Those behind another of the same peer and direction wait for it. */
static bool has_its_turn(const struct motion *motions, size_t index) {
    const struct motion *m = &motions[index];
    for (size_t i = 0; i < index && !m->finished; i++) {
        bool same_way = motions[i].transfer->peer == m->transfer->peer && motions[i].transfer->sends == m->transfer->sends;
        if (same_way && !motions[i].finished) return false;
    }
    return !m->finished;
}

/* What one waits for: its link, or, as long as the sender has not opened one, the end of that rank. */
static struct pollfd wait_of(ncclComm_t comm, const struct motion *m, uint64_t now, int *timeout_ms) {
    int peer = m->transfer->peer;
    int in = comm->direct_in[peer], out = comm->direct_out[peer];
    if (!m->transfer->sends) return (struct pollfd){in < 0 ? out : in, in < 0 ? POLLRDHUP : POLLIN, 0};
    struct pollfd wait = {.fd = out, .events = POLLIN};
    if (m->not_before > now) {
        int delay = (int)((m->not_before - now) / 1000000) + 1;
        if (*timeout_ms < 0 || delay < *timeout_ms) *timeout_ms = delay;
    } else if (m->done < m->transfer->bytes || m->header_done < sizeof m->header) {
        wait.events |= POLLOUT;
    }
    return wait;
}

static enum sim_io await_any(ncclComm_t comm, const struct motion *motions, size_t count, struct pollfd *waits, int *gone) {
    size_t all = 0;
    int timeout_ms = -1;
    uint64_t now = now_ns();
    waits[all++] = (struct pollfd){.fd = comm->wake, .events = POLLIN};
    waits[all++] = (struct pollfd){.fd = comm->listener, .events = POLLIN};
    for (size_t i = 0; i < count; i++) {
        if (has_its_turn(motions, i)) waits[all++] = wait_of(comm, &motions[i], now, &timeout_ms);
    }
    poll(waits, all, timeout_ms);
    if (waits[0].revents != 0) return SIM_ABORTED;
    sim_direct_accept(comm);
    for (size_t i = 0, w = 2; i < count; i++) {
        if (!has_its_turn(motions, i)) continue;
        /* A rank that opened its link before it ended has perhaps sent all that is wanted of it. */
        bool ended = (waits[w].events & POLLRDHUP) && waits[w].revents != 0;
        w++;
        for (int links = 0; ended && links < comm->ranks; links++) sim_direct_accept(comm);
        if (!ended || comm->direct_in[motions[i].transfer->peer] >= 0) continue;
        *gone = motions[i].transfer->peer;
        return SIM_GONE;
    }
    return SIM_DONE;
}

static ncclResult_t move_all(ncclComm_t comm, struct motion *motions, size_t count) {
    struct pollfd *waits = calloc(count + 2, sizeof *waits);
    ncclResult_t result = waits == NULL ? sim_fail(ncclSystemError, "no host memory") : ncclSuccess;
    for (bool left = true; left && result == ncclSuccess;) {
        bool moved = left = false;
        for (size_t i = 0; i < count && result == ncclSuccess; i++) {
            if (!has_its_turn(motions, i)) continue;
            enum step step = motions[i].transfer->sends ? push(comm, &motions[i]) : pull(comm, &motions[i]);
            if (step == GONE) result = sim_stopped(SIM_GONE, motions[i].transfer->peer);
            if (step == FAILED) result = ncclInvalidUsage;
            moved |= step == MOVED;
            left |= !motions[i].finished;
        }
        if (!left || moved || result != ncclSuccess) continue;
        int gone = 0;
        enum sim_io io = await_any(comm, motions, count, waits, &gone);
        if (io != SIM_DONE) result = sim_stopped(io, gone);
    }
    free(waits);
    return result;
}

/* Between a rank and itself; check_own_transfers has seen that each has its other half. */
static void copy_own(ncclComm_t comm, const struct sim_transfer *send) {
    const struct sim_transfer *receive = send;
    for (; send != NULL; send = send->next) {
        if (!send->sends || send->peer != comm->rank) continue;
        while (receive->sends || receive->peer != comm->rank) receive = receive->next;
        if (send->bytes > 0) memmove(receive->at, send->at, send->bytes < receive->bytes ? send->bytes : receive->bytes);
        receive = receive->next;
    }
}

ncclResult_t sim_run_pairs(const struct sim_exchange *x) {
    ncclComm_t comm = x->comm;
    size_t all = 0, moving = 0, received = 0;
    for (const struct sim_transfer *t = x->transfers; t != NULL; t = t->next) all++;
    struct motion *motions = calloc(all, sizeof *motions);
    struct sim_block *blocks = calloc(all, sizeof *blocks);
    if (motions == NULL || blocks == NULL) abort();
    bool left_out = sim_running_fault("skip", x);
    uint64_t now = now_ns();
    for (const struct sim_transfer *t = x->transfers; t != NULL; t = t->next) {
        if (!t->sends) blocks[received++] = (struct sim_block){t->at, t->bytes};
        if (t->peer == comm->rank) continue;
        struct motion *m = &motions[moving++];
        *m = (struct motion){.transfer = t};
        if (!t->sends) continue;
        m->header = (struct header){t->bytes, t->type, left_out};
        if (sim_pair_fault("slow", comm->rank, t->peer, x->number)) m->not_before = now + sim_slow_ns(t->bytes);
    }
    struct sim_spoil spoil;
    sim_before_result(blocks, received, &spoil);
    copy_own(comm, x->transfers);
    ncclResult_t result = move_all(comm, motions, moving);
    if (result == ncclSuccess) sim_after_result(x, blocks, received, &spoil);
    for (size_t i = 0; i < moving; i++) free(motions[i].unwanted);
    free(motions);
    free(blocks);
    return result;
}
