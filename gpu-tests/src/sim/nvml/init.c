/* The NVML stand-in, as far as NCCL needs it to start: it can be initialised and counts the devices. */
#include "../common.h"

/* NVML_ERROR_INVALID_ARGUMENT */
#define INVALID_ARGUMENT 2

/* Looked up by name to see that no GPU stands behind this library. */
EXPORT const char neurontp_simulation[] = "neurontp simulation of libnvidia-ml: no GPU";

int nvmlInit_v2(void);
int nvmlShutdown(void);
int nvmlDeviceGetCount_v2(unsigned *count);

EXPORT int nvmlInit_v2(void) { return 0; }

EXPORT int nvmlShutdown(void) { return 0; }

EXPORT int nvmlDeviceGetCount_v2(unsigned *count) {
    if (count == NULL) return INVALID_ARGUMENT;
    *count = (unsigned)sim_number("NEURONTP_SIM_DEVICES", 8);
    return 0;
}
