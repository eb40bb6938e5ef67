package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.library.LibrarySearch;
import dev.neurontp.worker.library.SharedLibrary;
import dev.neurontp.worker.library.SharedLibrary.NotOpenedException;
import java.util.ArrayList;
import java.util.List;

/**
 * libcuda.so.1 and libnccl.so.2, opened. The first is opened before anything asks the loader for it by its name: NCCL and
 * JCuda do, and get the one that is there already, wherever it came from.
 *
 * @param cuda the driver's library
 * @param nccl bound functions
 */
record OpenLibraries(SharedLibrary cuda, Nccl nccl) {
    private static volatile boolean simulated;

    /**
     * Opens both.
     *
     * @throws CommunicatorException {@code cuda_feature_not_enabled} when one is not there, {@code nccl_init_failed} when
     *     it is there and cannot be used
     */
    static OpenLibraries open(LibrarySearch search) throws CommunicatorException {
        SharedLibrary cuda = find(search, LibrarySearch.CUDA);
        ManagementLibrary.preload(search);
        return new OpenLibraries(cuda, openNccl(search));
    }

    /** Opens NCCL alone, which needs no driver to create an id. */
    static Nccl openNccl(LibrarySearch search) throws CommunicatorException {
        try {
            return new Nccl(find(search, LibrarySearch.NCCL));
        } catch (NcclException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        }
    }

    /** Whether any of the two is a stand-in, so that what comes out says nothing of hardware. */
    boolean areSimulated() {
        return cuda.isSimulated() || nccl.library().isSimulated();
    }

    /** Another process has opened one for this one. */
    static void noteSimulation() {
        simulated = true;
    }

    /** Whether a stand-in was opened in this process, or for it, at any time. */
    static boolean wereSimulated() {
        return simulated;
    }

    /**
     * Whether the loader found no such library. It names what it could not open: the bare name where it has searched in
     * vain, else a path, or a library that the one it found needs. What follows is in the user's language.
     */
    static boolean saysAbsent(String library, String loaderMessage) {
        String english = library + ": cannot open shared object file: ";
        return loaderMessage.startsWith(english)
                ? loaderMessage.startsWith(english + "No such file")
                : loaderMessage.startsWith(library + ": ");
    }

    /** Where the two libraries were looked for in vain, for a person. */
    static String notHere(LibrarySearch search) {
        return "this host cannot do NCCL: " + search.describe(LibrarySearch.CUDA) + "; "
                + search.describe(LibrarySearch.NCCL)
                + ". Without GPUs, --communicator loopback joins ranks over TCP";
    }

    private static SharedLibrary find(LibrarySearch search, String library) throws CommunicatorException {
        List<String> refusals = new ArrayList<>();
        for (String candidate : search.candidates(library)) {
            try {
                SharedLibrary opened = SharedLibrary.open(candidate);
                if (opened.isSimulated()) {
                    simulated = true;
                }
                return opened;
            } catch (NotOpenedException e) {
                if (!saysAbsent(library, e.getMessage())) {
                    refusals.add(e.getMessage());
                }
            }
        }
        if (refusals.isEmpty()) {
            throw new CommunicatorException(ErrorKind.CUDA_FEATURE_NOT_ENABLED, notHere(search));
        }
        throw new CommunicatorException(
                ErrorKind.NCCL_INIT_FAILED,
                library + " is there and the loader refuses it: " + String.join("; ", refusals));
    }
}
