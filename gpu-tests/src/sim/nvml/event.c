/* Events: xid@gpu=number is one Xid of that GPU, from its #n on. */
#include "internal.h"

#define XID 0x8ULL

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

/* Never waits: an event is there or it is not. */
EXPORT int nvmlEventSetWait_v2(nvmlEventSet_t set, nvml_event *out, unsigned timeout) {
    (void)timeout;
    if (set == NULL || out == NULL) return NVML_INVALID_ARGUMENT;
    for (int i = 0; i < set->count; i++) {
        long long xid;
        if (set->told[i] || !sim_state("xid", set->devices[i]->index, &xid)) continue;
        set->told[i] = true;
        *out = (nvml_event){.device = set->devices[i], .type = XID, .data = (unsigned long long)xid};
        return NVML_SUCCESS;
    }
    return NVML_TIMEOUT;
}
