package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.HostFacts;
import dev.neurontp.worker.library.LibrarySearch;
import java.io.PrintStream;
import java.util.List;

/**
 * What this host can do with NCCL, as {@code key=value} lines: {@code nccl}, {@code cuda}, {@code driver}, {@code devices},
 * {@code device_0} and so on, {@code simulation}, {@code nvml_library}, and {@code problem} where something is missing; with the argument
 * {@code --hardware} a stand-in is a problem too. A program of its own, since a broken driver can end the process that
 * asks.
 */
public final class HostProbe {
    private HostProbe() {}

    /** Prints the lines to stdout and exits with 0; with 1 when there is a problem. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        try {
            LibrarySearch search = LibrarySearch.fromEnvironment();
            OpenLibraries libraries = OpenLibraries.open(search);
            out.println("simulation=" + libraries.areSimulated());
            out.println("nccl=" + libraries.nccl().versionText());
            out.println("nccl_library=" + libraries.nccl().library().name());
            out.println("driver=" + HostFacts.kernelModuleVersion());
            CudaDriver.initialise();
            out.println("cuda=" + CudaDriver.version() + libraries.cuda().simulationMark());
            List<String> names = CudaDriver.deviceNames();
            out.println("devices=" + names.size());
            for (int i = 0; i < names.size(); i++) {
                out.println("device_" + i + "=" + names.get(i));
            }
            if (List.of(arguments).contains("--hardware")) {
                requireHardware(libraries, names);
            }
            out.println("nvml_library=" + ManagementLibrary.require(search).name());
        } catch (CommunicatorException | NcclException e) {
            out.println("problem=" + e.getMessage().replace('\n', ' '));
            System.exit(1);
        }
    }

    private static void requireHardware(OpenLibraries libraries, List<String> devices) throws NcclException {
        if (libraries.areSimulated()) {
            throw new NcclException("the libraries that are set are the stand-in's, a SIMULATION without hardware");
        }
        if (devices.isEmpty()) {
            throw new NcclException("the driver shows no device");
        }
    }
}
