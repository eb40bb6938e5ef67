package dev.neurontp.ops.validate;

import dev.neurontp.harness.usage.WholeNumberConverter;
import dev.neurontp.harness.validate.ByteSize;
import dev.neurontp.harness.validate.Plan;
import dev.neurontp.harness.validate.Selection;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.ReduceOp;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is run, by the long names of nccl-tests, and by its letters where tpctl has given them no other meaning. */
final class PlanOptions {
    private static final int MOST_RUNS = 100_000;

    /** At most one of them. */
    static final class ModeOptions {
        @Option(names = "--quick", description = "The default. Aim: 90 s on 8 GPUs, 30 s on one.")
        boolean quick;

        @Option(names = "--full", description = "All types, operators and sizes. Aim: 10 minutes on 8 GPUs, 3 on one.")
        boolean full;

        @Option(
                names = "--burn",
                paramLabel = "DURATION",
                converter = DurationConverter.class,
                description = "The full run, then data and bandwidth again and again with new numbers: --burn 2h.")
        Duration burn;
    }

    @ArgGroup
    private ModeOptions mode = new ModeOptions();

    @Option(
            names = "--collectives",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "all",
            description = "all_reduce, all_gather, reduce_scatter, broadcast, reduce, sendrecv, alltoall, gather,"
                    + " scatter. Default: all.")
    List<String> collectives;

    @Option(
            names = {"-b", "--minbytes"},
            paramLabel = "SIZE",
            defaultValue = "8",
            description = "The first size that is measured; K, M, G are powers of 1024. Default: 8.")
    String smallest;

    @Option(
            names = {"-e", "--maxbytes"},
            paramLabel = "SIZE",
            description = "The last size. Default: 1G, with --full 8G, and never more than a third of the free memory.")
    String largest;

    @Option(
            names = {"-f", "--stepfactor"},
            paramLabel = "N",
            description = "From one size to the next. Default: 8, with --full 2.")
    Integer factor;

    @Option(
            names = {"-i", "--stepbytes"},
            paramLabel = "SIZE",
            description = "From one size to the next, instead of -f. Wants -e.")
    String step;

    @Option(
            names = "--iters",
            paramLabel = "N",
            defaultValue = "20",
            description = "Measured runs of one size, nccl-tests' -n. Default: 20.")
    int iterations;

    @Option(
            names = {"-w", "--warmup_iters", "--warmup"},
            paramLabel = "N",
            defaultValue = "5",
            description = "Runs before them, for each size. Default: 5.")
    int warmup;

    @Option(
            names = {"-c", "--check"},
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Checked runs of each case, each with other numbers. 0: bandwidth without checks. Default: 1.")
    int checks;

    @Option(
            names = {"-r", "--root"},
            paramLabel = "RANK",
            description = "The root, or all for every rank in turn. Default: the first and the last.")
    String root;

    @Option(
            names = "--datatype",
            paramLabel = "NAME",
            split = ",",
            description = "Types, the first is also measured: int8, uint8, int32, uint32, int64, uint64, half, float,"
                    + " double, bfloat16, f8e4m3, f8e5m2, or all. Default: float,bfloat16,int64, with --full all.")
    List<String> types = List.of();

    @Option(
            names = "--op",
            paramLabel = "NAME",
            split = ",",
            description = "Operators, the first is also measured: sum, prod, min, max, avg, or all."
                    + " Default: sum, with --full all.")
    List<String> ops = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "Of all numbers. Default: a new one for each run.")
    Long seed;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "20s",
            converter = DurationConverter.class,
            description = "How long one run of a collective may take; the answer has 10s more. Default: 20s.")
    Duration timeout;

    /**
     * The plan.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    Plan plan(int ranks) {
        boolean whole = !mode.quick && (mode.full || mode.burn != null);
        OptionalLong last = largest == null ? OptionalLong.empty() : OptionalLong.of(size("--maxbytes", largest));
        long first = size("--minbytes", smallest);
        if (last.isPresent() && last.getAsLong() < first) {
            throw new IllegalArgumentException("--maxbytes " + largest + " is less than --minbytes " + smallest);
        }
        if (step != null && factor != null) {
            throw new IllegalArgumentException(
                    "-i/--stepbytes and -f/--stepfactor say the same thing: give one of them");
        }
        if (step != null && last.isEmpty()) {
            throw new IllegalArgumentException(
                    "-i " + step + " makes sizes up to the last one, which is not given: add -e SIZE (--maxbytes)");
        }
        long bytes = step == null ? 0 : size("--stepbytes", step);
        long sizes = step == null ? 0 : (last.getAsLong() - first) / bytes + 1;
        if (sizes > Plan.MOST_SIZES) {
            throw new IllegalArgumentException("-i " + step + " makes " + sizes + " sizes from " + smallest + " to "
                    + largest + ": at most " + Plan.MOST_SIZES);
        }
        if (mode.burn != null && mode.burn.isZero()) {
            throw new IllegalArgumentException("--burn is 0: it must be a time such as 2h; --full runs once");
        }
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofMinutes(90)) > 0) {
            throw new IllegalArgumentException("--timeout must be between 100ms and 90m");
        }
        return new Plan(
                mode.burn != null ? Plan.Mode.BURN : mode.full ? Plan.Mode.FULL : Plan.Mode.QUICK,
                Selection.collectives(collectives),
                types(whole),
                ops.isEmpty() ? whole ? List.of(ReduceOp.values()) : List.of(ReduceOp.SUM) : Selection.ops(ops),
                roots(ranks),
                first,
                last,
                step != null ? 0 : number("--stepfactor", factor == null ? whole ? 2 : 8 : factor, 2, 1 << 20),
                bytes,
                number("--iters", iterations, 1, MOST_RUNS),
                number("--warmup", warmup, 0, MOST_RUNS),
                number("--check", checks, 0, 1000),
                seed == null ? RandomGenerator.getDefault().nextLong(Long.MAX_VALUE) : seed(seed),
                timeout,
                mode.burn == null ? Duration.ZERO : mode.burn);
    }

    /** Float first, which is what others measure. */
    private List<ElementType> types(boolean whole) {
        if (!types.isEmpty()) {
            return Selection.types(types);
        }
        List<String> usual = List.of("float", "bfloat16", "int64");
        return whole
                ? Selection.types(List.of(
                        "float",
                        "bfloat16",
                        "int64",
                        "half",
                        "double",
                        "int32",
                        "int8",
                        "uint8",
                        "uint32",
                        "uint64",
                        "f8e4m3",
                        "f8e5m2"))
                : Selection.types(usual);
    }

    private List<Long> roots(int ranks) {
        if (root == null) {
            return List.of();
        }
        if (root.equals("all")) {
            return LongStream.range(0, ranks).boxed().toList();
        }
        try {
            long number = Long.parseLong(WholeNumberConverter.inDigits(root));
            if (number >= 0 && number < ranks) {
                return List.of(number);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--root is '" + root + "': it must be a rank, or all", e);
        }
        throw new IllegalArgumentException("--root is " + root + ": there are ranks 0 to " + (ranks - 1));
    }

    private static long size(String option, String text) {
        try {
            long size = ByteSize.parse(text);
            if (size > 0) {
                return size;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(option + " is 0: it must be at least 1");
    }

    private static int number(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    option + " is " + value + ": it must be between " + least + " and " + most);
        }
        return value;
    }

    private static long seed(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("--seed is " + value + ": it must not be negative");
        }
        return value;
    }
}
