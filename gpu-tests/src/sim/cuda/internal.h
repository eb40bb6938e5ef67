/* The CUDA stand-in's own records. One lock guards them all; one condition tells of every change. */
#ifndef SIM_CUDA_INTERNAL_H
#define SIM_CUDA_INTERNAL_H

#include "../common.h"
#include "abi.h"

#define SIM_MAX_DEVICES 64

extern pthread_mutex_t sim_lock;
extern pthread_cond_t sim_changed;

/* A stream up to and with its n-th piece of work. */
struct sim_point {
    struct CUstream_st *stream;
    uint64_t number;
};

struct sim_task {
    CUresult (*work)(void *);
    void *argument;
    struct sim_point *after;
    size_t after_count;
    struct sim_task *next;
};

/* Never freed, so that an event or a late caller may still look at it. */
struct CUstream_st {
    CUcontext context;
    unsigned flags;
    int priority;
    bool started, destroyed;
    struct sim_task *first, *last;
    uint64_t submitted, completed;
    CUstream next;
};

/* Never freed, for the same reason. */
struct CUctx_st {
    int device;
    bool primary, alive;
    unsigned flags;
    uint64_t peers; /* a bit for each device whose memory it may access */
    CUresult error; /* the first failed piece of work; every later call in this context returns it */
    CUstream null_stream;
    CUcontext next;
};

/* Used by other files of the stand-in; the vendor's header declares them too. */
CUresult cuInit(unsigned flags);
CUresult cuGetErrorString(CUresult result, const char **text);

/* device.c */
CUresult sim_check_init(void);
int sim_device_count(void);
int sim_physical_device(int ordinal);

/* current.c: the calling thread's stack of contexts. */
CUresult sim_enter(CUcontext *context); /* the top one, if it can be used */
CUcontext sim_current(void);            /* NULL where the stack is empty */
bool sim_push_current(CUcontext context); /* false where the stack is full */
CUcontext sim_pop_current(void);          /* NULL where the stack is empty */

/* stream_list.c: sim_lock is held in all of these. */
extern CUstream sim_streams;
CUstream sim_new_stream(CUcontext context, unsigned flags);
CUresult sim_find_stream(CUstream handle, CUcontext context, CUstream *found);
void sim_await(struct sim_point point);
void sim_await_context(CUcontext context);
bool sim_context_idle(CUcontext context);

/* queue.c: adds a task and says where it stands. sim_lock is held. */
struct sim_point sim_submit(CUstream stream, CUresult (*work)(void *), void *argument, const struct sim_point *after);

/* memory.c: the first two take sim_lock themselves, the third wants it held. */
void *sim_backing(CUdeviceptr address, size_t bytes);
void sim_written(void *content, size_t bytes); /* after device memory was written, in its backing */
void sim_free_context_memory(CUcontext context);

/* pinned.c; sim_lock is held. */
bool sim_is_pinned(const void *host);

#endif
