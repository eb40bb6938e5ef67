package dev.neurontp.worker.comm.nccl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The kernels of pattern.ptx, which the driver compiled for the current device, and room for their result. For the rank's thread. */
final class PatternModule {
    /** Number of wrong elements, and the first wrong index. */
    static final int RESULT_BYTES = 2 * Long.BYTES;

    private final CUmodule module = new CUmodule();
    private final CUfunction fill = new CUfunction();
    private final CUfunction check = new CUfunction();
    private CudaMemory result;

    /**
     * Has the driver compile it.
     *
     * @throws NcclException where it refuses, or a kernel is missing
     */
    static PatternModule load() throws NcclException {
        PatternModule loaded = new PatternModule();
        CudaDriver.check("cuModuleLoadData", JCudaDriver.cuModuleLoadData(loaded.module, text()));
        boolean complete = false;
        try {
            function(loaded.fill, loaded.module, "neurontp_fill");
            function(loaded.check, loaded.module, "neurontp_check");
            loaded.result = CudaMemory.allocate(RESULT_BYTES);
            complete = true;
            return loaded;
        } finally {
            if (!complete) {
                loaded.close();
            }
        }
    }

    private static void function(CUfunction function, CUmodule module, String name) throws NcclException {
        CudaDriver.check("cuModuleGetFunction", JCudaDriver.cuModuleGetFunction(function, module, name));
    }

    /** The PTX text. */
    static String text() {
        try (InputStream in = PatternModule.class.getResourceAsStream("pattern.ptx")) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CUfunction fill() {
        return fill;
    }

    CUfunction check() {
        return check;
    }

    CudaMemory result() {
        return result;
    }

    void close() {
        if (result != null) {
            result.close();
        }
        JCudaDriver.cuModuleUnload(module);
    }
}
