/* What one GPU says of itself: a healthy one of eight, unless NEURONTP_SIM_NVML makes it ill. */
#include <stdio.h>

#include "internal.h"

static int device_text(nvmlDevice_t device, const char *what, const char *healthy, char *out, unsigned length) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    if (length == 0) return NVML_INSUFFICIENT_SIZE;
    if (!sim_state_text(what, device->index, out, length)) snprintf(out, length, "%s", healthy);
    return NVML_SUCCESS;
}

static int device_number(nvmlDevice_t device, const char *what, long long healthy, unsigned *out) {
    int result = sim_check(device, out);
    if (result == NVML_SUCCESS) *out = (unsigned)sim_state_or(what, device->index, healthy);
    return result;
}

EXPORT int nvmlDeviceGetName(nvmlDevice_t device, char *out, unsigned length) {
    return device_text(device, "name", "neurontp simulated GPU", out, length);
}

/* The same as the simulated libcuda's. */
EXPORT int nvmlDeviceGetUUID(nvmlDevice_t device, char *out, unsigned length) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    char bytes[32];
    snprintf(bytes, sizeof bytes, "simulated-GPU-%02d", device->index);
    char text[48] = "GPU-";
    for (int i = 0, at = 4; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text[at++] = '-';
        at += snprintf(text + at, sizeof text - (size_t)at, "%02x", (unsigned char)bytes[i]);
    }
    return device_text(device, "uuid", text, out, length);
}

EXPORT int nvmlDeviceGetSerial(nvmlDevice_t device, char *out, unsigned length) {
    return device_text(device, "serial", "0", out, length);
}

EXPORT int nvmlDeviceGetVbiosVersion(nvmlDevice_t device, char *out, unsigned length) {
    return device_text(device, "vbios", "00.00.00.00.00", out, length);
}

EXPORT int nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvml_pci_info *out) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    memset(out, 0, sizeof *out);
    out->bus = (unsigned)device->index + 1;
    snprintf(out->bus_id, sizeof out->bus_id, "00000000:%02X:00.0", out->bus & 0xffU);
    return NVML_SUCCESS;
}

EXPORT int nvmlDeviceGetMinorNumber(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "minor", device == NULL ? 0 : device->index, out);
}

/* memory@gpu is in MiB. */
EXPORT int nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvml_memory *out) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    out->total = 80ULL << 30;
    out->used = (unsigned long long)sim_state_or("memory", device->index, 4) << 20;
    out->free = out->total - out->used;
    return NVML_SUCCESS;
}

/* process@gpu=pid: one process with 22 GiB. */
EXPORT int nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned *count, nvml_process *out) {
    int result = sim_check(device, count);
    if (result != NVML_SUCCESS) return result;
    long long pid;
    unsigned there = sim_state("process", device->index, &pid) ? 1 : 0;
    if (there > *count) {
        *count = there;
        return NVML_INSUFFICIENT_SIZE;
    }
    *count = there;
    if (there == 1) *out = (nvml_process){.pid = (unsigned)pid, .used = 22ULL << 30};
    return NVML_SUCCESS;
}

EXPORT int nvmlDeviceGetComputeMode(nvmlDevice_t device, unsigned *out) { return device_number(device, "mode", 0, out); }

EXPORT int nvmlDeviceGetPersistenceMode(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "persistence", 1, out);
}

EXPORT int nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned *current, unsigned *pending) {
    int result = device_number(device, "mig", 0, current);
    if (result == NVML_SUCCESS && pending != NULL) *pending = *current;
    return result;
}

EXPORT int nvmlDeviceGetCurrPcieLinkWidth(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "width", 16, out);
}

EXPORT int nvmlDeviceGetMaxPcieLinkWidth(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "width_max", 16, out);
}

EXPORT int nvmlDeviceGetCurrPcieLinkGeneration(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "generation", 1, out);
}

EXPORT int nvmlDeviceGetMaxPcieLinkGeneration(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "generation_max", 5, out);
}

EXPORT int nvmlDeviceGetPcieReplayCounter(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "replays", 0, out);
}

EXPORT int nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "power", 70000, out);
}

EXPORT int nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "power_limit", 700000, out);
}

EXPORT int nvmlDeviceGetRetiredPagesPendingStatus(nvmlDevice_t device, unsigned *out) {
    return device_number(device, "retired", 0, out);
}

EXPORT int nvmlDeviceGetClockInfo(nvmlDevice_t device, int type, unsigned *out) {
    return type == 1 ? device_number(device, "sm_clock", 1980, out) : NVML_INVALID_ARGUMENT;
}

EXPORT int nvmlDeviceGetMaxClockInfo(nvmlDevice_t device, int type, unsigned *out) {
    return type == 1 ? device_number(device, "sm_clock_max", 1980, out) : NVML_INVALID_ARGUMENT;
}

EXPORT int nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvml_utilization *out) {
    int result = sim_check(device, out);
    if (result == NVML_SUCCESS) *out = (nvml_utilization){.gpu = (unsigned)sim_state_or("busy", device->index, 0)};
    return result;
}

/* 1, idle, is what a healthy GPU says. */
EXPORT int nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device, unsigned long long *out) {
    int result = sim_check(device, out);
    if (result == NVML_SUCCESS) *out = (unsigned long long)sim_state_or("clock", device->index, 1);
    return result;
}

EXPORT int nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, int type, int counter, unsigned long long *out) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    if (type < 0 || type > 1 || counter < 0 || counter > 1) return NVML_INVALID_ARGUMENT;
    *out = type == 1 && counter == 0 ? (unsigned long long)sim_state_or("ecc", device->index, 0) : 0;
    return NVML_SUCCESS;
}

EXPORT int nvmlDeviceGetRemappedRows(
    nvmlDevice_t device, unsigned *corrected, unsigned *uncorrected, unsigned *pending, unsigned *failed) {
    int result = sim_check(device, corrected);
    if (result != NVML_SUCCESS) return result;
    if (uncorrected == NULL || pending == NULL || failed == NULL) return NVML_INVALID_ARGUMENT;
    *corrected = *uncorrected = 0;
    *pending = (unsigned)sim_state_or("remap_pending", device->index, 0);
    *failed = (unsigned)sim_state_or("remap_failed", device->index, 0);
    return NVML_SUCCESS;
}

EXPORT int nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvml_field *fields) {
    int result = sim_check(device, fields);
    if (result != NVML_SUCCESS) return result;
    for (int i = 0; i < count; i++) {
        fields[i].result = NVML_SUCCESS;
        fields[i].type = 1;
        fields[i].value.u64 = 0;
        if (fields[i].field == 91) {
            fields[i].value.u32 = SIM_LINKS;
        } else if (fields[i].field == 230) {
            fields[i].value.u32 = (unsigned)sim_state_or("recovery", device->index, 0);
        } else {
            fields[i].result = NVML_NOT_SUPPORTED;
        }
    }
    return NVML_SUCCESS;
}
