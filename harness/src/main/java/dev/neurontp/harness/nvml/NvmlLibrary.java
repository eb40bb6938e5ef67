package dev.neurontp.harness.nvml;

import dev.neurontp.worker.library.LibrarySearch;
import dev.neurontp.worker.library.SharedLibrary;

/** How NVML is found, and what its errors mean. */
public final class NvmlLibrary {
    private NvmlLibrary() {}

    /** NVML cannot be asked; the message says why, for a person. */
    public static final class NotThere extends Exception {
        private static final long serialVersionUID = 1L;

        NotThere(String message) {
            super(message);
        }
    }

    /**
     * Opens the first library of that name that the loader takes.
     *
     * @throws NotThere when there is none
     */
    public static SharedLibrary open(LibrarySearch search) throws NotThere {
        String refused = "";
        for (String candidate : search.candidates(LibrarySearch.NVML)) {
            try {
                return SharedLibrary.open(candidate);
            } catch (SharedLibrary.NotOpenedException e) {
                refused = candidate.contains("/") ? "; the loader refuses it: " + e.getMessage() : refused;
            }
        }
        throw new NotThere(search.describe(LibrarySearch.NVML) + refused);
    }

    /** A result that is an error: its number, and what that means where it is known here. */
    public static String words(int result) {
        return result
                + switch (result) {
                    case 4 -> ", no permission";
                    case 9 -> ", the driver is not loaded";
                    case Nvml.NO_FUNCTION -> ", the library has no such function";
                    case Nvml.GPU_IS_LOST -> ", a GPU is lost";
                    case 17 -> ", the operating system has blocked the request";
                    case 18 -> ", driver and library are of different versions";
                    case 999 -> ", unknown error";
                    default -> "";
                };
    }
}
