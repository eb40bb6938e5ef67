package dev.neurontp.conformance.mutant;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every benign variant: a worker that is different in a way that the contract leaves open, or that breaks a SHOULD
 * alone. Those that get on with each other are judged together, in one worker that has them all.
 */
public final class BenignTable {

    private BenignTable() {}

    /** One way to be different; {@code warns} is the SHOULD that it breaks, or empty. */
    public record Benign(String fault, String stage, String what, String warns) {
        static Benign of(String fault, String what) {
            return new Benign(fault, "7a-i", what, "");
        }

        static Benign warned(String fault, String rule, String what) {
            return new Benign(fault, "7a-i", what, rule);
        }

        @Override
        public String toString() {
            return fault.isEmpty() ? "unharmed " + stage : fault;
        }
    }

    /** Variants in one worker. */
    public record Combination(List<Benign> variants) {
        static Combination of(Benign... variants) {
            return new Combination(List.of(variants));
        }

        /** For the worker's {@code --faults}. */
        public String faults() {
            return variants.stream().map(Benign::fault).collect(Collectors.joining(","));
        }

        public String stage() {
            return variants.getFirst().stage();
        }

        /** The rules that must warn, and no others. */
        public Set<String> warns() {
            return variants.stream()
                    .map(Benign::warns)
                    .filter(rule -> !rule.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public String toString() {
            return variants.stream().map(Benign::toString).collect(Collectors.joining(", "));
        }
    }

    /** A worker that skips each line that some language trims to nothing. */
    public static final Combination TRIMMING = Combination.of(
            Benign.of("trims-like-rust", "skips a line that Rust's trim leaves empty, as the original does"),
            Benign.of("trims-like-go", "skips a line that Go's TrimSpace leaves empty"),
            Benign.of("trims-like-java", "skips a line that Java's trim leaves empty"),
            Benign.of("strips-like-java", "skips a line that Java's strip leaves empty"),
            Benign.of("trims-like-python", "skips a line that Python's strip leaves empty"),
            Benign.of("trims-like-javascript", "skips a line that JavaScript's trim leaves empty"),
            Benign.of("trims-zero-width", "skips a line of U+200B, U+2060 and U+FEFF"),
            Benign.of("trims-controls", "skips a line of control characters"));

    public static final List<Combination> COMBINATIONS = List.of(
            Combination.of(Benign.of("", "keeps every rule")),
            Combination.of(
                    Benign.of("op-last", "writes op last"),
                    Benign.of("split-writes", "writes one byte at a time"),
                    Benign.of("takes-positional", "takes [\"ping\"]"),
                    Benign.of("grows-and-shrinks", "takes 32 MiB more and gives them back, over and over"),
                    Benign.of("says-unknown-op", "says unknown_op"),
                    Benign.of("changing-messages", "never uses the same words twice"),
                    Benign.of("more-options", "has options of its own"),
                    Benign.of("knows-a-letter", "has an option of one letter"),
                    Benign.of("underscores-in-options", "has --tp_size as a second name of --tp-size")),
            Combination.of(
                    Benign.of("slow-start", "needs 1 s to start"),
                    Benign.of("slow-init", "needs 0.4 s to refuse an init"),
                    Benign.of("long-messages", "uses 4000 bytes a message"),
                    Benign.of("takes-plus", "takes +1"),
                    Benign.of("takes-extensions", "has ops that begin with x_"),
                    Benign.of("floods-stderr", "writes a megabyte on stderr at its start"),
                    Benign.of("reads-small-pieces", "reads 61 bytes at a time")),
            Combination.of(
                    Benign.warned("last-option-wins", "A4", "takes the last of two ranks"),
                    Benign.of("slow-replies", "needs 2 ms a reply"),
                    Benign.of("foreign-messages", "writes messages in all of Unicode"),
                    Benign.of("escapes-everything", "escapes every character of a message"),
                    Benign.of("short-numbers", "refuses numbers of over 300 digits"),
                    Benign.of("forks-and-reaps", "starts short-lived children and waits for them"),
                    Benign.of(
                            "has-a-bare-helper",
                            "has a child with a session and an environment of its own that ends with it"),
                    Benign.of("takes-a-gigabyte", "maps a gigabyte of memory")),
            Combination.of(
                    Benign.of("shuffles-fields", "writes each pong with its fields in another order"),
                    Benign.of("two-unknown-kinds", "says unknown_op and bad_request by turns"),
                    Benign.of("full-messages", "uses exactly 4096 bytes a message"),
                    Benign.of("pauses-in-replies", "writes a reply in pieces, with a pause after each"),
                    Benign.of("reads-large-pieces", "reads a megabyte at a time"),
                    Benign.of("refuses-01", "refuses 01 as an argument"),
                    Benign.of("takes-126-levels", "refuses 127 levels"),
                    Benign.of("closes-stderr", "closes stderr"),
                    Benign.of("dies-by-signal", "leaves signals to the kernel: no code of its own")),
            Combination.of(
                    Benign.of("escapes-names", "escapes in the names and tags of its replies"),
                    Benign.of("one-letter-messages", "uses one letter as a message"),
                    Benign.of("hesitates", "stops for 150 ms at each hundredth request"),
                    Benign.of("chatters", "writes a line on stderr for each request"),
                    Benign.of("reads-ahead", "reads in a thread, far ahead of its replies"),
                    Benign.of("takes-any-depth", "takes 100 000 levels"),
                    Benign.of("looks-for-each-name", "looks for each name of an object among all that it has read"),
                    Benign.of("serves-later-ops", "serves the ops of later stages"),
                    Benign.of("long-usage", "explains itself at length on stderr when it refuses arguments"),
                    Benign.of("has-a-helper", "has a child process that ends with it")),
            Combination.of(
                    Benign.of("short-escapes", "writes every short escape, a pair of surrogates and U+0000"),
                    Benign.of("answers-extensions", "has replies of its own to ops that begin with x_"),
                    Benign.of("refuses-infinity", "refuses numbers beyond a double"),
                    Benign.of("floods-stderr-at-end", "writes a megabyte on stderr at its end"),
                    Benign.of("forks-and-waits", "is a launcher: the worker is its child, and signals are passed on"),
                    Benign.of("closes-stdout-first", "closes stdout 200 ms before it ends"),
                    Benign.of("slow-at-signals", "needs 0.7 s to end at a signal"),
                    Benign.of("own-error-kinds", "has an error kind of its own for extensions and later ops"),
                    Benign.of("exit-3-without-reader", "ends with 3 when nobody reads"),
                    Benign.of("holds-stdout-open", "notices 300 ms late that nobody reads"),
                    Benign.of("long-help", "has a help of 500 lines")),
            Combination.of(Benign.of(
                    "exit-134-without-reader",
                    "ends with 134 when nobody reads, as behind a shell that saw a SIGABRT")),
            Combination.of(
                    Benign.of("closes-stdin-after-bye", "closes stdin after bye, and ends 200 ms later"),
                    Benign.of("slow-at-eof", "needs 1.2 s to end at the end of its input"),
                    Benign.warned("dies-at-bad-utf8", "F10s", "ends with 1 at what is not UTF-8, as the original does"),
                    Benign.warned("spaced", "F1s", "puts a blank after each colon"),
                    Benign.warned("quotes-whole-lines", "O10s", "quotes lines of megabytes, as the original does"),
                    Benign.warned("slow-exit", "L2s", "needs 1.7 s after bye"),
                    Benign.warned("no-help", "A5", "knows no --help"),
                    Benign.warned("cross-checks", "A2", "refuses rank 5 of 2")),
            TRIMMING,
            Combination.of(Benign.of(
                    "slow-lines",
                    "needs 20 ms for a blank line and for each of its first lines, and 2 ms for the others")),
            Combination.of(new Benign("", "7a-ii-no-cuda", "keeps every rule without CUDA", "")),
            Combination.of(new Benign("", "7a-ii", "keeps every rule with a group", "")),
            Combination.of(
                    new Benign("bad-id-is-bad-request", "7a-ii", "says bad_request to a bad comm_id", ""),
                    new Benign(
                            "not-summed-after-a-failed-init",
                            "7a-ii",
                            "says nccl_sanity_failed to a sanity check after an init that failed",
                            ""),
                    new Benign("slow-group", "7a-ii", "needs 0.7 s to join, and a different time a rank to sum", ""),
                    new Benign(
                            "replaces-communicator",
                            "7a-ii",
                            "replaces its communicator at a second init, as the original does",
                            "S6")),
            Combination.of(
                    new Benign(
                            "hangs-without-a-member",
                            "7a-ii",
                            "hangs in a sum that a member has left, as NCCL can",
                            ""),
                    new Benign("hangs-without-a-maker", "7a-ii", "hangs in an init whose maker is gone", "")),
            Combination.of(
                    new Benign("ends-without-a-member", "7a-ii", "ends with 1 at a sum that a member has left", "")),
            Combination.of(new Benign(
                    "ends-behind-rank-0",
                    "7a-ii",
                    "ends with 1 in a sum that rank 0 has left, which itself waits for ever for the others",
                    "")));

    /** Those that show the most in the least time: the worker as it is, at each stage. */
    public static final List<Combination> FIRST =
            COMBINATIONS.stream().filter(one -> one.faults().isEmpty()).toList();

    /** All but those. */
    public static final List<Combination> OTHERS =
            COMBINATIONS.stream().filter(one -> !FIRST.contains(one)).toList();

    /** Each variant alone. */
    public static final List<Combination> ALONE =
            COMBINATIONS.stream().flatMap(BenignTable::apart).toList();

    private static Stream<Combination> apart(Combination combination) {
        return combination.variants().stream().map(Combination::of);
    }
}
