/* The part of NVML's ABI that the stand-in implements, in its own words; sizes and offsets as of nvml.h, API 13. */
#ifndef SIM_NVML_ABI_H
#define SIM_NVML_ABI_H

#include <stddef.h>
#include <stdint.h>

enum {
    NVML_SUCCESS = 0,
    NVML_UNINITIALIZED = 1,
    NVML_INVALID_ARGUMENT = 2,
    NVML_NOT_SUPPORTED = 3,
    NVML_INSUFFICIENT_SIZE = 7,
    NVML_TIMEOUT = 10,
    NVML_GPU_IS_LOST = 15,
    NVML_ARGUMENT_VERSION_MISMATCH = 25
};

typedef struct sim_nvml_device *nvmlDevice_t;

typedef struct {
    char bus_id_legacy[16];
    unsigned domain, bus, device, pci_device_id, pci_subsystem_id;
    char bus_id[32];
} nvml_pci_info;
_Static_assert(sizeof(nvml_pci_info) == 68 && offsetof(nvml_pci_info, bus_id) == 36, "nvmlPciInfo_t");

typedef struct {
    unsigned long long total, free, used;
} nvml_memory;
_Static_assert(sizeof(nvml_memory) == 24, "nvmlMemory_t");

typedef struct {
    unsigned pid;
    unsigned long long used;
    unsigned gpu_instance, compute_instance;
} nvml_process;
_Static_assert(sizeof(nvml_process) == 24, "nvmlProcessInfo_t");

typedef struct {
    unsigned field, scope;
    long long timestamp, latency;
    int type, result;
    union {
        unsigned u32;
        unsigned long long u64;
    } value;
} nvml_field;
_Static_assert(sizeof(nvml_field) == 40 && offsetof(nvml_field, result) == 28, "nvmlFieldValue_t");

typedef struct {
    unsigned gpu, memory;
} nvml_utilization;

typedef struct {
    unsigned version, environment, feature, developers, multi_gpu;
} nvml_confidential;
_Static_assert(sizeof(nvml_confidential) == 20, "nvmlSystemConfComputeSettings_v1_t");

typedef struct {
    unsigned version;
    unsigned char cluster[16];
    int status;
    unsigned clique;
    unsigned char state;
    unsigned health_mask;
    unsigned char health_summary;
} nvml_fabric;
_Static_assert(sizeof(nvml_fabric) == 40 && offsetof(nvml_fabric, state) == 28, "nvmlGpuFabricInfo_v3_t");

typedef struct sim_nvml_events *nvmlEventSet_t;

typedef struct {
    nvmlDevice_t device;
    unsigned long long type, data;
    unsigned gpu_instance, compute_instance;
} nvml_event;
_Static_assert(sizeof(nvml_event) == 32 && offsetof(nvml_event, data) == 16, "nvmlEventData_t");

#endif
