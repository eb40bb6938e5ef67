package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollective;
import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.KernelPattern;
import dev.neurontp.worker.collective.ReduceOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the cases of a plan for a group of a given size. The order is the order of the run. */
final class Cases {
    private static final String OUT = "out";
    private static final String IN = "in";
    private static final long MEGA = 1L << 20;
    private static final long GIGA = 1L << 30;

    /** One element, odd counts, and what is just beside a multiple of 16 bytes for every type. */
    private static final long[] QUICK_COUNTS = {1, 17, 1023, 65_537};

    private static final long[] FULL_COUNTS = {1, 2, 7, 15, 16, 17, 255, 1023, 4097, 65_537, 1_048_577};
    private static final long SHIFTED_COUNT = 1023;
    /** Past that count every rank has shown every code path of its size; the other types then need not. */
    private static final long MANY = 65_537;

    /** Elements of one rank times the ranks that are added up: seconds of a host. */
    private static final long MOST_ON_HOST = 1L << 26;

    private final Plan plan;
    private final int ranks;
    private final GroupLimits limits;

    Cases(Plan plan, int ranks, GroupLimits limits) {
        this.plan = plan;
        this.ranks = ranks;
        this.limits = limits;
    }

    /** Every collective with every type and operator, small sizes, both places, each element checked. */
    List<Case> correctness() {
        List<Case> cases = new ArrayList<>();
        for (Collective collective : plan.collectives()) {
            for (ElementType type : plan.types()) {
                for (String op : ops(collective)) {
                    for (long root : roots(collective)) {
                        counts(cases, collective, type, op, root);
                    }
                }
            }
        }
        return cases;
    }

    private void counts(List<Case> cases, Collective collective, ElementType type, String op, long root) {
        for (long count : plan.quick() ? QUICK_COUNTS : FULL_COUNTS) {
            boolean large = count >= MANY && type != plan.types().getFirst();
            if (!large && collective.bytes(count, type.bytes(), ranks) <= limits.largestBuffer()) {
                cases.add(checked(collective, type, op, root, count, OUT, 0));
                if (collective.inPlace()) {
                    cases.add(checked(collective, type, op, root, count, IN, 0));
                }
            }
        }
        cases.add(checked(collective, type, op, root, SHIFTED_COUNT, OUT, 1));
    }

    private Case checked(
            Collective collective, ElementType type, String op, long root, long count, String place, long shift) {
        XCollective request = new XCollective(
                collective.label(),
                type.wireName(),
                op,
                count,
                root,
                "",
                place,
                shift,
                0,
                0,
                Math.max(1, plan.checks()),
                plan.seed(),
                plan.timeout().toMillis());
        return Case.of(Phase.CORRECTNESS, request, collective.bytes(count, type.bytes(), ranks));
    }

    private List<String> ops(Collective collective) {
        return collective.reduces()
                ? plan.ops().stream().map(ReduceOp::wireName).toList()
                : List.of("");
    }

    private List<Long> roots(Collective collective) {
        if (!collective.rooted()) {
            return List.of(0L);
        }
        if (!plan.roots().isEmpty()) {
            return plan.roots();
        }
        return ranks == 1 ? List.of(0L) : List.of(0L, ranks - 1L);
    }

    /** Every collective over the range of sizes, with the first type and operator of the plan. */
    List<Case> bandwidth() {
        List<Case> cases = new ArrayList<>();
        for (Collective collective : plan.collectives()) {
            for (long size : sizes()) {
                cases.add(measured(collective, size, OUT));
                if (collective.inPlace()) {
                    cases.add(measured(collective, size, IN));
                }
            }
        }
        return cases;
    }

    /** What was asked for and is not measured, in words for a person. */
    Optional<String> notMeasured() {
        long asked = Math.max(plan.smallest(), plan.largest().orElse(0));
        return asked <= limits.largestBuffer()
                ? Optional.empty()
                : Optional.of("asked for " + ByteSize.format(asked) + ", and nothing above "
                        + ByteSize.format(limits.largestBuffer()) + " is measured: " + limits.why());
    }

    /**
     * The sizes that are measured: from the smallest to the largest, the largest always among them; none where none fits.
     *
     * @throws IllegalArgumentException when they are too many
     */
    List<Long> sizes() {
        long most = Math.max(
                plan.smallest(), plan.largest().orElse(plan.quick() ? limits.quickLargest() : limits.fullLargest()));
        long largest = Math.min(most, limits.largestBuffer());
        List<Long> sizes = new ArrayList<>();
        long size = plan.smallest();
        if (size > largest) {
            return sizes;
        }
        while (size < largest) {
            if (sizes.size() == Plan.MOST_SIZES) {
                throw new IllegalArgumentException(
                        "-i " + plan.step() + " makes more than " + Plan.MOST_SIZES + " sizes from " + plan.smallest()
                                + " to " + largest + " bytes: make it larger, or --maxbytes smaller");
            }
            sizes.add(size);
            size = plan.factor() > 1 ? size * plan.factor() : size + plan.step();
        }
        sizes.add(largest);
        return sizes;
    }

    /**
     * What is measured and not compared, in words for a person: the host computes what no kernel does, each element by the numbers of all
     * ranks, and minutes of that are no measurement.
     */
    Optional<String> notCompared() {
        List<String> names = plan.collectives().stream()
                .filter(collective -> plan.checks() > 0
                        && sizes().stream().anyMatch(size -> !isCompared(collective, count(collective, size))))
                .map(Collective::label)
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("the data of " + String.join(", ", names) + " is not compared above "
                        + MOST_ON_HOST / ranks + " elements: no kernel computes "
                        + plan.types().getFirst().wireName() + " with "
                        + plan.ops().getFirst().wireName() + " of " + ranks + " ranks");
    }

    private boolean isCompared(Collective collective, long count) {
        return count <= MOST_ON_HOST / ranks
                || KernelPattern.covers(
                        plan.types().getFirst(),
                        collective.reduces() ? plan.ops().getFirst() : null,
                        ranks);
    }

    private long count(Collective collective, long size) {
        return collective.count(size, plan.types().getFirst().bytes(), ranks);
    }

    private Case measured(Collective collective, long size, String place) {
        ElementType type = plan.types().getFirst();
        long count = count(collective, size);
        XCollective request = new XCollective(
                collective.label(),
                type.wireName(),
                collective.reduces() ? plan.ops().getFirst().wireName() : "",
                count,
                collective.rooted() && !plan.roots().isEmpty() ? plan.roots().getFirst() : 0,
                "",
                place,
                0,
                plan.warmup(),
                plan.iterations(),
                isCompared(collective, count) ? plan.checks() : 0,
                plan.seed(),
                withRuns().toMillis());
        return Case.of(Phase.BANDWIDTH, request, collective.bytes(count, type.bytes(), ranks));
    }

    /** A request's bound is for all of its runs; what hangs in one is stopped by the rank's own bound for a run. */
    private Duration withRuns() {
        return plan.timeout().plus(limits.forAllRuns());
    }

    /** Every two ranks: a small message for the latency, a large one for the bandwidth. */
    List<Case> pairs() {
        List<Case> cases = new ArrayList<>();
        long large = Math.min(limits.pairBytes(), limits.largestBuffer());
        for (String pairs : new PairRounds(ranks).rounds()) {
            cases.add(pair(pairs, Byte.SIZE));
            cases.add(pair(pairs, large));
        }
        return cases;
    }

    private Case pair(String pairs, long bytes) {
        ElementType type = ElementType.UINT8;
        XCollective request = alone("pairs", type.wireName(), bytes, pairs, Math.max(1, plan.iterations()));
        return Case.of(Phase.PAIRS, request, bytes);
    }

    /** Copies of each GPU by itself. */
    List<Case> copies() {
        List<Case> cases = new ArrayList<>();
        for (String kind : List.of("copy_h2d", "copy_d2h", "copy_d2d")) {
            long bytes = Math.min(limits.copyBytes(), limits.largestBuffer());
            cases.add(Case.of(Phase.COPIES, alone(kind, ElementType.UINT64.wireName(), bytes, "", 3), bytes));
        }
        return cases;
    }

    /** A pattern in a share of the memory that is free on every GPU. */
    List<Case> memory() {
        long bytes = plan.quick() ? Math.min(limits.memoryBytes(), 8 * GIGA) : limits.memoryBytes();
        long whole = Math.max(MEGA, bytes - bytes % MEGA);
        return List.of(
                Case.of(Phase.MEMORY, alone("memory_pattern", ElementType.UINT64.wireName(), whole, "", 0), whole));
    }

    private XCollective alone(String kind, String type, long count, String pairs, int iterations) {
        return new XCollective(
                kind,
                type,
                "",
                count,
                0,
                pairs,
                OUT,
                0,
                Math.min(plan.warmup(), 2),
                iterations,
                1,
                plan.seed(),
                withRuns().toMillis());
    }
}
