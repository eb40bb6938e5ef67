/* What connects the simulated GPUs: 18 NVLinks each, a fabric that is completed, peer access on all pairs. */
#include "internal.h"

/* nvlink@gpu=link: that link is down. */
EXPORT int nvmlDeviceGetNvLinkState(nvmlDevice_t device, unsigned link, unsigned *out) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    if (link >= SIM_LINKS) return NVML_INVALID_ARGUMENT;
    *out = sim_state_or("nvlink", device->index, -1) != (long long)link;
    return NVML_SUCCESS;
}

/* link_error@gpu=count: CRC errors of flits on link 3. */
EXPORT int nvmlDeviceGetNvLinkErrorCounter(nvmlDevice_t device, unsigned link, int counter, unsigned long long *out) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    if (link >= SIM_LINKS || counter < 0 || counter > 3) return NVML_INVALID_ARGUMENT;
    *out = link == 3 && counter == 2 ? (unsigned long long)sim_state_or("link_error", device->index, 0) : 0;
    return NVML_SUCCESS;
}

/* p2p@gpu=status: from that GPU to all others. */
EXPORT int nvmlDeviceGetP2PStatus(nvmlDevice_t device, nvmlDevice_t other, int index, int *out) {
    int result = sim_check(device, out);
    if (result == NVML_SUCCESS) result = sim_check(other, out);
    if (result != NVML_SUCCESS) return result;
    if (index < 0 || index > 4) return NVML_INVALID_ARGUMENT;
    *out = (int)sim_state_or("p2p", device->index, 0);
    return NVML_SUCCESS;
}

EXPORT int nvmlDeviceGetGpuFabricInfoV(nvmlDevice_t device, nvml_fabric *out) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    if (out->version != 0x03000028) return NVML_ARGUMENT_VERSION_MISMATCH;
    out->status = (int)sim_state_or("fabric_status", device->index, 0);
    out->state = (unsigned char)sim_state_or("fabric", device->index, 3);
    out->health_summary = (unsigned char)sim_state_or("fabric_health", device->index, 1);
    return NVML_SUCCESS;
}
