package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.library.LibrarySearch;
import dev.neurontp.worker.library.SharedLibrary;
import dev.neurontp.worker.library.SharedLibrary.NotOpenedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * libnvidia-ml.so.1, NVML. Nothing here calls it: NCCL does, and does not start without it. NCCL asks the loader for it by its
 * bare name, and gets the one that was opened before, wherever it came from.
 */
final class ManagementLibrary {
    private ManagementLibrary() {}

    /** Opens it where there is one; NCCL says itself what it lacks. */
    static void preload(LibrarySearch search) {
        open(search, new ArrayList<>());
    }

    /**
     * Opens it.
     *
     * @throws NcclException with what to do where there is none
     */
    static SharedLibrary require(LibrarySearch search) throws NcclException {
        List<String> refusals = new ArrayList<>();
        Optional<SharedLibrary> opened = open(search, refusals);
        if (opened.isEmpty()) {
            throw new NcclException("NCCL does not start without libnvidia-ml.so.1, and "
                    + search.describe(LibrarySearch.NVML)
                    + (refusals.isEmpty() ? "" : "; the loader says: " + String.join("; ", refusals))
                    + ". It comes with the NVIDIA driver (Debian: libnvidia-ml1); a container gets it with the driver"
                    + " capability utility (NVIDIA_DRIVER_CAPABILITIES=compute,utility)");
        }
        return opened.get();
    }

    private static Optional<SharedLibrary> open(LibrarySearch search, List<String> refusals) {
        for (String candidate : search.candidates(LibrarySearch.NVML)) {
            try {
                return Optional.of(SharedLibrary.open(candidate));
            } catch (NotOpenedException e) {
                refusals.add(e.getMessage());
            }
        }
        return Optional.empty();
    }
}
