package dev.neurontp.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.testing.ProgramProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Some ranks of one group, each a worker process, and the process that created their comm_id: {@code neuron --comm-id}, or on
 * the stand-in a small program of its own.
 */
final class NcclGroup implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final String SANITY = "{\"op\":\"nccl_sanity_check\"}";

    /** How a group is set up. */
    static final class Builder {
        private final NcclHost host;
        private final int worldSize;
        private final Map<String, String> settings = new HashMap<>();
        private boolean oneGpu;
        private boolean sharing;

        private Builder(NcclHost host, int worldSize) {
            this.host = host;
            this.worldSize = worldSize;
        }

        /** For every rank. */
        Builder with(String variable, String value) {
            settings.put(variable, value);
            return this;
        }

        /** Seconds that an init may take. */
        Builder initTimeout(int seconds) {
            return with("NEURON_NCCL_INIT_TIMEOUT", Integer.toString(seconds));
        }

        /** Seconds that a collective may take. */
        Builder timeout(int seconds) {
            return with("NEURON_NCCL_TIMEOUT", Integer.toString(seconds));
        }

        /** All on device 0, which NCCL refuses. */
        Builder onOneGpu() {
            oneGpu = true;
            return this;
        }

        /** All on device 0, with the settings that let NCCL do it. */
        Builder sharingOneGpu() {
            sharing = true;
            return onOneGpu();
        }

        /** Starts the ranks 0 to {@code present - 1}. */
        NcclGroup start(int present) throws IOException, InterruptedException {
            NcclGroup group = new NcclGroup();
            try {
                Map<String, String> common = new HashMap<>(host.environment());
                common.putAll(settings);
                group.createId(host, common);
                for (int rank = 0; rank < present; rank++) {
                    Map<String, String> environment = new HashMap<>(common);
                    if (sharing) {
                        environment.putAll(host.sharedGpu(rank));
                    }
                    group.ranks.add(ProgramProcess.worker(environment, "nccl", rank, worldSize, oneGpu ? 0 : rank));
                }
                return group;
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                group.close();
                throw e;
            }
        }

        NcclGroup start() throws IOException, InterruptedException {
            return start(worldSize);
        }
    }

    private final List<ProgramProcess> ranks = new ArrayList<>();
    private ProgramProcess commIdProcess;
    private String commId;

    static Builder of(NcclHost host, int worldSize) {
        return new Builder(host, worldSize);
    }

    private void createId(NcclHost host, Map<String, String> environment) throws IOException, InterruptedException {
        commIdProcess = host.isSimulated()
                ? ProgramProcess.command(
                        Map.of(), List.of(NcclHost.simulatedFile("rank").toString(), "serve"))
                : ProgramProcess.neuron(environment, "--comm-id", "--communicator", "nccl");
        commId = commIdProcess.line(TIMEOUT);
    }

    String commId() {
        return commId;
    }

    ProgramProcess rank(int rank) {
        return ranks.get(rank);
    }

    void beginInit() {
        ask("{\"op\":\"init\",\"comm_id\":\"" + commId + "\"}");
    }

    /** Has all ranks join; each reply in order. */
    List<String> init() throws InterruptedException {
        beginInit();
        return replies();
    }

    void beginSanity() {
        ask(SANITY);
    }

    List<String> sanity() throws InterruptedException {
        beginSanity();
        return replies();
    }

    List<String> check() throws InterruptedException {
        ask("{\"op\":\"x_nccl_check\"}");
        return replies();
    }

    /** Has all ranks run one collective; each reply in order. */
    List<WorkerResponse> collective(XCollective request) throws InterruptedException, WireException {
        ask(new String(WireCodec.encode(request), UTF_8).strip());
        List<WorkerResponse> results = new ArrayList<>();
        for (String reply : replies()) {
            results.add(WireCodec.decodeResponse(reply.getBytes(UTF_8)));
        }
        return results;
    }

    List<String> ping() throws InterruptedException {
        ask("{\"op\":\"ping\"}");
        return replies();
    }

    /** Writes to all without waiting. */
    private void ask(String request) {
        ranks.forEach(rank -> rank.send(request));
    }

    List<String> replies() throws InterruptedException {
        List<String> replies = new ArrayList<>();
        for (ProgramProcess rank : ranks) {
            replies.add(rank.line(TIMEOUT));
        }
        return replies;
    }

    /** Ends all ranks by EOF, and returns how each exited. */
    List<Integer> end(Duration bound) throws IOException, InterruptedException {
        for (ProgramProcess rank : ranks) {
            rank.closeStdin();
        }
        List<Integer> codes = new ArrayList<>();
        for (ProgramProcess rank : ranks) {
            codes.add(rank.exitCode(bound));
        }
        return codes;
    }

    @Override
    public void close() throws IOException {
        for (ProgramProcess rank : ranks) {
            rank.close();
        }
        if (commIdProcess != null) {
            commIdProcess.close();
        }
    }
}
