package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollective;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * One thing that is looked at: a request to all ranks of a group, or a step of the run itself.
 *
 * @param id its name in reports: the same in every run with the same options
 * @param request empty for a step of the run
 * @param bytes the size as the tables show it; 0 for a step of the run
 */
public record Case(Phase phase, String id, Optional<XCollective> request, long bytes) {
    /** What a rank needs after its own bound: the RAS port's answer (2 s), an abort (3 s) and the reply. */
    private static final Duration AFTER_RANK = Duration.ofSeconds(10);

    /** A request to all ranks. */
    public static Case of(Phase phase, XCollective request, long bytes) {
        return new Case(phase, id(phase, request, bytes), Optional.of(request), bytes);
    }

    /** A step of the run, such as the join. */
    public static Case step(Phase phase, String name) {
        return new Case(phase, phase.label() + "/" + name, Optional.empty(), 0);
    }

    private static String id(Phase phase, XCollective request, long bytes) {
        StringJoiner id = new StringJoiner("/");
        id.add(phase.label()).add(request.collective());
        if (!request.pairs().isEmpty()) {
            id.add(request.pairs());
        }
        id.add(ByteSize.format(bytes));
        if (phase == Phase.CORRECTNESS || phase == Phase.BANDWIDTH) {
            id.add(request.type());
            if (!request.redop().isEmpty()) {
                id.add(request.redop());
            }
            if (Collective.named(request.collective())
                    .filter(Collective::rooted)
                    .isPresent()) {
                id.add("root" + request.root());
            }
            id.add(request.place());
            if (request.shift() != 0) {
                id.add("shift" + request.shift());
            }
        }
        return id.toString();
    }

    /** How long the leader waits: the ranks' own bound, and their report where they were stopped by it. */
    public Duration limit() {
        return Duration.ofMillis(request.orElseThrow().timeoutMs()).plus(AFTER_RANK);
    }

    /** The name on the wire, such as {@code all_reduce}; empty for a step of the run. */
    public String collective() {
        return request.map(XCollective::collective).orElse("");
    }

    /** The type of the elements; empty for a step of the run. */
    public String type() {
        return request.map(XCollective::type).orElse("");
    }

    /** The operator; empty where there is none. */
    public String redop() {
        return request.map(XCollective::redop).orElse("");
    }

    /** Elements as NCCL's function takes them. */
    public long count() {
        return request.map(XCollective::count).orElse(0L);
    }

    /** The root rank, or -1 for a collective without one, as nccl-tests prints it. */
    public long root() {
        return Collective.named(collective()).filter(Collective::rooted).isPresent()
                ? request.orElseThrow().root()
                : -1;
    }

    /** {@code out} or {@code in}; empty for a step of the run. */
    public String place() {
        return request.map(XCollective::place).orElse("");
    }
}
