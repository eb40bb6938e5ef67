/* The library as a whole: its start, its versions, its devices. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

/* Looked up by name to see that this is no driver and no GPU stands behind it. */
EXPORT const char neurontp_simulation[] = "neurontp simulation of libnvidia-ml: no GPU";

static bool initialised;
static struct sim_nvml_device devices[SIM_MOST_GPUS];

bool sim_initialised(void) { return initialised; }

static int device_count(void) {
    long long count = sim_number("NEURONTP_SIM_DEVICES", 8);
    return count < 0 ? 0 : count > SIM_MOST_GPUS ? SIM_MOST_GPUS : (int)count;
}

int sim_check(nvmlDevice_t device, const void *out) {
    if (!initialised) return NVML_UNINITIALIZED;
    if (device < devices || device >= devices + device_count() || out == NULL) return NVML_INVALID_ARGUMENT;
    long long value;
    return sim_state("lost", device->index, &value) ? NVML_GPU_IS_LOST : NVML_SUCCESS;
}

EXPORT int nvmlInit_v2(void) {
    char text[16];
    if (sim_state_text("init", -1, text, sizeof text) && strcmp(text, "hang") == 0) {
        for (;;) pause();
    }
    long long ms = sim_state_or("init_ms", -1, 0);
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
    int failure = (int)sim_state_or("init", -1, NVML_SUCCESS);
    if (failure != NVML_SUCCESS) return failure;
    for (int i = 0; i < SIM_MOST_GPUS; i++) devices[i].index = i;
    initialised = true;
    return NVML_SUCCESS;
}

EXPORT int nvmlShutdown(void) {
    if (!initialised) return NVML_UNINITIALIZED;
    initialised = false;
    return NVML_SUCCESS;
}

EXPORT const char *nvmlErrorString(int result) { return result == NVML_SUCCESS ? "Success" : "Simulated failure"; }

static int system_text(const char *what, const char *otherwise, char *out, unsigned length) {
    if (!initialised) return NVML_UNINITIALIZED;
    if (out == NULL || length == 0) return NVML_INVALID_ARGUMENT;
    if (!sim_state_text(what, -1, out, length)) snprintf(out, length, "%s", otherwise);
    return NVML_SUCCESS;
}

EXPORT int nvmlSystemGetDriverVersion(char *out, unsigned length) {
    return system_text("driver", "550.90.07", out, length);
}

EXPORT int nvmlSystemGetNVMLVersion(char *out, unsigned length) {
    return system_text("nvml", "12.550.90.07", out, length);
}

/* confidential: on; confidential_mode: for several GPUs, 1 is Protected PCIe. */
EXPORT int nvmlSystemGetConfComputeSettings(nvml_confidential *out) {
    if (!initialised) return NVML_UNINITIALIZED;
    if (out == NULL) return NVML_INVALID_ARGUMENT;
    if (out->version != 0x01000014) return NVML_ARGUMENT_VERSION_MISMATCH;
    out->feature = (unsigned)sim_state_or("confidential", -1, 0);
    out->multi_gpu = (unsigned)sim_state_or("confidential_mode", -1, 0);
    return NVML_SUCCESS;
}

EXPORT int nvmlSystemGetCudaDriverVersion_v2(int *version) {
    if (!initialised) return NVML_UNINITIALIZED;
    if (version == NULL) return NVML_INVALID_ARGUMENT;
    *version = (int)sim_number("NEURONTP_SIM_DRIVER_VERSION", 12080);
    return NVML_SUCCESS;
}

EXPORT int nvmlDeviceGetCount_v2(unsigned *count) {
    if (!initialised) return NVML_UNINITIALIZED;
    if (count == NULL) return NVML_INVALID_ARGUMENT;
    *count = (unsigned)device_count();
    return NVML_SUCCESS;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t *device) {
    if (!initialised) return NVML_UNINITIALIZED;
    if (device == NULL || index >= (unsigned)device_count()) return NVML_INVALID_ARGUMENT;
    long long value;
    if (sim_state("hang", (int)index, &value)) {
        for (;;) pause();
    }
    *device = &devices[index];
    return sim_check(*device, device);
}

EXPORT int nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned *out) {
    int result = sim_check(device, out);
    if (result != NVML_SUCCESS) return result;
    if (sensor != 0) return NVML_INVALID_ARGUMENT;
    sim_looked(device->index);
    long long value;
    if (sim_state("hang_later", device->index, &value)) {
        for (;;) pause();
    }
    *out = (unsigned)sim_state_or("temperature", device->index, 40);
    return NVML_SUCCESS;
}
