package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.Diagnostic;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.library.LibrarySearch;
import dev.neurontp.worker.os.ThreadLimitException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** How the other packages get the communicator over NCCL. */
public final class NcclProvider implements CommunicatorProvider {
    static final String NAME = "nccl";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsGpu() {
        return true;
    }

    @Override
    public String help() {
        return """
                NEURON_NCCL_LIBRARY, NEURON_CUDA_LIBRARY and NEURON_NVML_LIBRARY for the places of the libraries,
                NEURON_NCCL_INIT_TIMEOUT, NEURON_NCCL_TIMEOUT, NEURON_NCCL_ABORT_TIMEOUT in seconds,
                NEURON_NCCL_DEVICE_CHECK (auto, never, always; docs/nccl.md),""";
    }

    @Override
    public Communicator open(RankIdentity identity, Map<String, String> environment) {
        return new NcclCommunicator(identity, NcclSettings.from(environment), libraries(environment));
    }

    @Override
    public Optional<String> obstacle(Map<String, String> environment) {
        LibrarySearch search = libraries(environment);
        return search.isAbsent(LibrarySearch.CUDA) || search.isAbsent(LibrarySearch.NCCL)
                ? Optional.of(OpenLibraries.notHere(search))
                : Optional.empty();
    }

    /** A thread of NCCL in this process serves the rendezvous until the process ends: NCCL has no call that ends it. */
    @Override
    public Rendezvous serve(Map<String, String> environment) throws CommunicatorException {
        NcclSettings settings = NcclSettings.from(environment);
        Nccl nccl = OpenLibraries.openNccl(libraries(environment));
        String commId;
        RankThread thread = start("nccl-comm-id");
        try {
            commId = thread.run(nccl::newUniqueId, settings.collective()).toHex();
        } catch (NcclException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_INIT_FAILED,
                    "ncclGetUniqueId of " + nccl.label() + " does not return, not within "
                            + settings.collective().toMillis() / 1e3 + " s (" + NcclSettings.TIMEOUT + ")",
                    e);
        } finally {
            thread.end();
        }
        return new Rendezvous() {
            @Override
            public String commId() {
                return commId;
            }

            @Override
            public void close() {}
        };
    }

    static RankThread start(String name) throws CommunicatorException {
        try {
            return new RankThread(name);
        } catch (ThreadLimitException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        }
    }

    @Override
    public Map<String, String> timeoutsWithin(Duration init, Duration collective, Map<String, String> environment) {
        return NcclSettings.timeoutsWithin(init, collective, environment);
    }

    @Override
    public Map<String, String> settingsOfGroup(Map<String, String> environment) {
        return RasPort.forGroup(environment);
    }

    @Override
    public Map<String, String> settingsOfDiagnostics(Map<String, String> environment) {
        return NcclDiagnostics.settings(environment);
    }

    @Override
    public Optional<Diagnostic> diagnostic(String stderrLine) {
        return NcclDiagnostics.parse(stderrLine);
    }

    @Override
    public boolean servesForEver() {
        return true;
    }

    @Override
    public void noteSimulation() {
        OpenLibraries.noteSimulation();
    }

    @Override
    public boolean isSimulated() {
        return OpenLibraries.wereSimulated();
    }

    private static LibrarySearch libraries(Map<String, String> environment) {
        return new LibrarySearch(environment, Path.of("/"));
    }
}
