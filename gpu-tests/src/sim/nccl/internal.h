/* The NCCL stand-in's own records. */
#ifndef SIM_NCCL_INTERNAL_H
#define SIM_NCCL_INTERNAL_H

#include "../common.h"
#include "../hooks.h"
#include "abi.h"

#define SIM_MAX_RANKS 1024

/* What a rank tells of itself when it joins. */
struct sim_peer {
    uint64_t nonce;
    int32_t rank, ranks;
    int32_t physical_device, pid;
    uint64_t host;
    uint16_t port; /* rank 0: where the others connect to */
    uint16_t unused[3];
};

/* A communicator's record is never freed: a handle that is used after its end is refused, not followed. */
struct ncclComm {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int rank, ranks, device, physical_device;
    bool blocking, busy, joined, aborted, ended;
    int wake; /* an eventfd, readable from the abort on */
    ncclUniqueId id;
    ncclResult_t state; /* what ncclCommGetAsyncError says */
    int *links;         /* rank 0: one to each rank; the others: links[0] alone */
    struct sim_peer *peers;
    uint64_t issued, done; /* collectives */
    ncclComm_t next;
};

/* Of the public ones, those that other files of the stand-in call. */
ncclResult_t ncclGetVersion(int *version);
ncclResult_t ncclGetUniqueId(ncclUniqueId *id);
ncclResult_t ncclGroupStart(void);
ncclResult_t ncclGroupEnd(void);
const char *ncclGetLastError(ncclComm_t comm);

/* log.c */
void sim_settings_read(void);
const char *sim_setting(const char *name);
void sim_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
ncclResult_t sim_fail(ncclResult_t result, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_print_version(void);
const char *sim_last_failure(void); /* without the word simulation before it */

/* fault.c: is this fault set for this rank, now? count is the how-manieth time the place is passed, from 1. */
bool sim_fault(const char *what, const char *place, int rank, uint64_t count);
void sim_die(void) __attribute__((noreturn));
void sim_hang(ncclComm_t comm); /* until the communicator is aborted; without one for ever */
void sim_delay(void);
bool sim_dead_peers_are_silent(void);

/* cuda.c: NULL, with the error told, where the CUDA stand-in is not there. */
const struct sim_hooks *sim_cuda(void);

/* socket.c: descriptors are non-blocking; every wait ends at the communicator's abort. */
enum sim_io { SIM_DONE, SIM_GONE, SIM_ABORTED };
int sim_listen(uint16_t *port);
int sim_connect(uint32_t address, uint16_t port);
enum sim_io sim_send(ncclComm_t comm, int fd, const void *data, size_t bytes);
enum sim_io sim_receive(ncclComm_t comm, int fd, void *data, size_t bytes);
enum sim_io sim_readable(ncclComm_t comm, int fd, int timeout_ms);
bool sim_lost_link(ncclComm_t comm, int *rank);

/* root.c: the rendezvous of the ranks, served by the process that creates the id. */
struct sim_answer {
    int32_t result;
    char text[252];
};
ncclResult_t sim_serve_rendezvous(ncclUniqueId *id);
bool sim_read_id(const ncclUniqueId *id, uint64_t *nonce, uint32_t *address, uint16_t *port);

/* record.c */
ncclComm_t sim_new_communicator(int ranks, ncclUniqueId id, int rank, bool blocking);
ncclComm_t sim_first_communicator(void);
ncclResult_t sim_alive(ncclComm_t comm);
void sim_await_own_thread(ncclComm_t comm); /* the one that joins or finalizes */
ncclResult_t sim_usable(ncclComm_t comm);
ncclResult_t sim_await_join(ncclComm_t comm);
void sim_set_state(ncclComm_t comm, ncclResult_t state);
bool sim_is_aborted(ncclComm_t comm);

/* ras.c */
void sim_ras_start(void);

/* join.c, on a thread of its own */
ncclResult_t sim_join(ncclComm_t comm);

/* issue.c */
enum sim_kind { SIM_ALL_REDUCE, SIM_ALL_GATHER, SIM_REDUCE_SCATTER, SIM_BROADCAST, SIM_REDUCE };
struct sim_collective {
    ncclComm_t comm;
    enum sim_kind kind;
    const void *send;
    void *receive;
    size_t count;
    int type, op, root;
    cudaStream_t stream;
};
ncclResult_t sim_issue(const struct sim_collective *collective);

/* exchange.c: the bytes of one collective, over the wire. */
struct sim_exchange {
    ncclComm_t comm;
    enum sim_kind kind;
    const void *send; /* host memory */
    void *receive;
    size_t count;
    int type, op, root;
    uint64_t number;
    void *resolved_stream;
};
ncclResult_t sim_run_exchange(const struct sim_exchange *exchange);

/* reduce.c */
size_t sim_type_size(int type);
struct sim_sum; /* the running result, in a type wide enough */
struct sim_sum *sim_sum_start(int type, int op, size_t count);
void sim_sum_add(struct sim_sum *sum, const void *values);
void sim_sum_finish(struct sim_sum *sum, void *values, int ranks);

/* group.c: true where the calling thread has a group open, and the thing was kept for its end. */
bool sim_group_keep(const struct sim_collective *collective);
bool sim_group_keep_join(ncclComm_t comm);

#endif
