/* Events: xid@gpu=number is one Xid of that GPU, from its #n on. */
#include "internal.h"

#include <time.h>

#define XID 0x8ULL
#define LOOK_MS 10U

struct sim_nvml_events {
    nvmlDevice_t devices[SIM_MOST_GPUS];
    bool told[SIM_MOST_GPUS];
    int count;
};

EXPORT int nvmlEventSetCreate(nvmlEventSet_t *set) {
    if (!sim_initialised()) return NVML_UNINITIALIZED;
    if (set == NULL) return NVML_INVALID_ARGUMENT;
    *set = calloc(1, sizeof **set);
    return *set == NULL ? NVML_INSUFFICIENT_SIZE : NVML_SUCCESS;
}

EXPORT int nvmlEventSetFree(nvmlEventSet_t set) {
    free(set);
    return NVML_SUCCESS;
}

/* no_events@gpu: it has none, as in some containers and virtual machines. */
EXPORT int nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long types, nvmlEventSet_t set) {
    int result = sim_check(device, set);
    if (result != NVML_SUCCESS) return result;
    if (types != XID || set->count == SIM_MOST_GPUS) return NVML_INVALID_ARGUMENT;
    long long value;
    if (sim_state("no_events", device->index, &value)) return NVML_NOT_SUPPORTED;
    set->devices[set->count++] = device;
    return NVML_SUCCESS;
}

static int event_of(nvmlEventSet_t set, nvml_event *out) {
    for (int i = 0; i < set->count; i++) {
        long long xid;
        if (set->told[i] || !sim_state("xid", set->devices[i]->index, &xid)) continue;
        set->told[i] = true;
        *out = (nvml_event){.device = set->devices[i], .type = XID, .data = (unsigned long long)xid};
        return NVML_SUCCESS;
    }
    return NVML_TIMEOUT;
}

/* Looks once more each 10 ms, so long as the time in ms is not over: 0 does not wait. */
EXPORT int nvmlEventSetWait_v2(nvmlEventSet_t set, nvml_event *out, unsigned timeout) {
    if (set == NULL || out == NULL) return NVML_INVALID_ARGUMENT;
    int result = event_of(set, out);
    for (unsigned waited = 0; result == NVML_TIMEOUT && waited < timeout; waited += LOOK_MS) {
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
        result = event_of(set, out);
    }
    return result;
}
