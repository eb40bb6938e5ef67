package dev.neurontp.worker.comm.nccl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The CUDA driver, once it is loaded. Return codes are checked one by one: JCuda's exceptions stay off. */
final class CudaDriver {
    private static final int NAME_BYTES = 256;
    private static final int PCI_BYTES = 32;

    private CudaDriver() {}

    /**
     * Loads JCuda's half and initialises the driver. Idempotent.
     *
     * @throws NcclException with the driver's result and, where it is known, what to do
     */
    static void initialise() throws NcclException {
        JCudaLibrary.load();
        check("cuInit", JCudaDriver.cuInit(0));
    }

    /** The CUDA version that the driver supports, such as 12.8. */
    static String version() throws NcclException {
        int[] version = new int[1];
        check("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(version));
        return version[0] / 1000 + "." + version[0] % 1000 / 10;
    }

    static int deviceCount() throws NcclException {
        int[] count = new int[1];
        check("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
        return count[0];
    }

    /** The names of all devices, in order. */
    static List<String> deviceNames() throws NcclException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < deviceCount(); i++) {
            names.add(name(device(i)));
        }
        return names;
    }

    static CUdevice device(long ordinal) throws NcclException {
        int count = deviceCount();
        if (ordinal >= count) {
            throw new NcclException("there is no CUDA device " + ordinal + ": the driver shows " + count
                    + (count == 1 ? " device, number 0" : " devices, numbered from 0") + visible());
        }
        CUdevice device = new CUdevice();
        check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, (int) ordinal));
        return device;
    }

    private static String visible() {
        String visible = System.getenv("CUDA_VISIBLE_DEVICES");
        return visible == null ? "" : " (CUDA_VISIBLE_DEVICES=" + visible + ")";
    }

    static String name(CUdevice device) throws NcclException {
        byte[] name = new byte[NAME_BYTES];
        check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, NAME_BYTES, device));
        return text(name);
    }

    /** One of CUdevice_attribute. */
    static int attribute(int attribute, CUdevice device) throws NcclException {
        int[] value = new int[1];
        check("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    /** Such as 0000:1B:00.0; empty where the driver does not say. */
    static String pciBusId(CUdevice device) {
        String[] id = {""};
        int result = JCudaDriver.cuDeviceGetPCIBusId(id, PCI_BYTES, device);
        return result == CUresult.CUDA_SUCCESS && id[0] != null ? id[0] : "";
    }

    static void check(String call, int result) throws NcclException {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new NcclException(
                    call + " failed: " + CUresult.stringFor(result) + " (" + result + ")" + advice(result));
        }
    }

    private static String advice(int result) {
        return switch (result) {
            case CUresult.CUDA_ERROR_OUT_OF_MEMORY -> ": the GPU's memory is full, nvidia-smi says who holds it";
            case CUresult.CUDA_ERROR_NO_DEVICE -> ": the driver sees no GPU" + visible();
            case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
                ": libcuda.so.1 and the loaded kernel module are of different versions, reboot or reload the module";
            case CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
                ": libcuda.so.1 is a compatibility library that this GPU cannot use";
            default -> "";
        };
    }

    private static String text(byte[] cString) {
        int end = 0;
        while (end < cString.length && cString[end] != 0) {
            end++;
        }
        return new String(cString, 0, end, StandardCharsets.UTF_8);
    }
}
