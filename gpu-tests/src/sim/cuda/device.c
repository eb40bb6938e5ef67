/* Devices: how many there are and what they say of themselves. */
#include <stdio.h>
#include <unistd.h>

#include "internal.h"

/* Looked up by name to see that this is no driver and no GPU stands behind it. */
EXPORT const char neurontp_simulation[] = "neurontp simulation of libcuda: host memory, no GPU";

static bool initialised;

/* NEURONTP_SIM_DEVICES (default 8), as narrowed by CUDA_VISIBLE_DEVICES. */
static int read_devices(int physical[SIM_MAX_DEVICES]) {
    long long there = sim_number("NEURONTP_SIM_DEVICES", 8);
    if (there < 0) there = 0;
    if (there > SIM_MAX_DEVICES) there = SIM_MAX_DEVICES;
    const char *visible = getenv("CUDA_VISIBLE_DEVICES");
    int count = 0;
    if (visible == NULL) {
        for (; count < there; count++) physical[count] = count;
        return count;
    }
    /* As the driver does: the first entry that names no device ends the list. */
    while (count < SIM_MAX_DEVICES && *visible != '\0') {
        char *end = NULL;
        long device = strtol(visible, &end, 10);
        if (end == visible || device < 0 || device >= there) break;
        physical[count++] = (int)device;
        visible = *end == ',' ? end + 1 : end;
    }
    return count;
}

static int devices[SIM_MAX_DEVICES];
static int device_count;

int sim_device_count(void) { return device_count; }

int sim_physical_device(int ordinal) { return devices[ordinal]; }

CUresult sim_check_init(void) {
    pthread_mutex_lock(&sim_lock);
    bool done = initialised;
    pthread_mutex_unlock(&sim_lock);
    return done ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}

static CUresult check_device(CUdevice device, const void *out) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    if (device < 0 || device >= device_count) return CUDA_ERROR_INVALID_DEVICE;
    return out == NULL ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

EXPORT CUresult cuInit(unsigned flags) {
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    const char *fault = getenv("NEURONTP_SIM_CU_INIT");
    if (fault != NULL && strcmp(fault, "hang") == 0) {
        for (;;) pause();
    }
    long long failure = sim_number("NEURONTP_SIM_CU_INIT", CUDA_SUCCESS);
    if (failure != CUDA_SUCCESS) return (CUresult)failure;
    pthread_mutex_lock(&sim_lock);
    if (!initialised) device_count = read_devices(devices);
    initialised = device_count > 0;
    bool done = initialised;
    pthread_mutex_unlock(&sim_lock);
    return done ? CUDA_SUCCESS : CUDA_ERROR_NO_DEVICE;
}

/* 12.8 unless NEURONTP_SIM_DRIVER_VERSION says otherwise; works before cuInit. */
EXPORT CUresult cuDriverGetVersion(int *version) {
    if (version == NULL) return CUDA_ERROR_INVALID_VALUE;
    *version = (int)sim_number("NEURONTP_SIM_DRIVER_VERSION", 12080);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetCount(int *count) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    if (count == NULL) return CUDA_ERROR_INVALID_VALUE;
    *count = device_count;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGet(CUdevice *device, int ordinal) {
    CUresult result = check_device(ordinal, device);
    if (result == CUDA_SUCCESS) *device = ordinal;
    return result;
}

EXPORT CUresult cuDeviceGetName(char *name, int length, CUdevice device) {
    CUresult result = check_device(device, name);
    if (result != CUDA_SUCCESS) return result;
    if (length < 1) return CUDA_ERROR_INVALID_VALUE;
    snprintf(name, (size_t)length, "neurontp simulated GPU %d", devices[device]);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice device) {
    CUresult result = check_device(device, uuid);
    if (result != CUDA_SUCCESS) return result;
    char text[sizeof uuid->bytes + 1];
    snprintf(text, sizeof text, "simulated-GPU-%02d", devices[device]);
    memcpy(uuid->bytes, text, sizeof uuid->bytes);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice device) { return cuDeviceGetUuid(uuid, device); }

/* NEURONTP_SIM_MEMORY bytes, 1 GiB by default; each process has it all for itself. */
EXPORT CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
    CUresult result = check_device(device, bytes);
    if (result == CUDA_SUCCESS) *bytes = (size_t)sim_number("NEURONTP_SIM_MEMORY", 1LL << 30);
    return result;
}

EXPORT CUresult cuDeviceGetPCIBusId(char *text, int length, CUdevice device) {
    CUresult result = check_device(device, text);
    if (result != CUDA_SUCCESS) return result;
    if (length < 13) return CUDA_ERROR_INVALID_VALUE;
    snprintf(text, (size_t)length, "0000:%02X:00.0", devices[device] + 1);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetByPCIBusId(CUdevice *device, const char *text) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    if (device == NULL || text == NULL) return CUDA_ERROR_INVALID_VALUE;
    for (int ordinal = 0; ordinal < device_count; ordinal++) {
        char own[16];
        cuDeviceGetPCIBusId(own, sizeof own, ordinal);
        if (strcmp(own, text) != 0 && strcmp(own + 5, text) != 0) continue;
        *device = ordinal;
        return CUDA_SUCCESS;
    }
    return CUDA_ERROR_INVALID_VALUE;
}

EXPORT CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device) {
    CUresult result = check_device(device, value);
    if (result != CUDA_SUCCESS) return result;
    int number = (int)attribute;
    if (number < 1 || number > 200) return CUDA_ERROR_INVALID_VALUE;
    switch (number) {
        case 1: *value = 1024; break;                 /* threads per block */
        case 10: *value = 32; break;                  /* warp size */
        case 16: *value = 1; break;                   /* multiprocessors */
        case 33: *value = devices[device] + 1; break; /* PCI bus */
        case 41: *value = 1; break;                   /* unified addressing */
        case 75: *value = 9; break;                   /* compute capability */
        default: *value = 0; break;
    }
    return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceComputeCapability(int *major, int *minor, CUdevice device) {
    CUresult result = check_device(device, major);
    if (result != CUDA_SUCCESS) return result;
    if (minor == NULL) return CUDA_ERROR_INVALID_VALUE;
    *major = 9;
    *minor = 0;
    return CUDA_SUCCESS;
}
