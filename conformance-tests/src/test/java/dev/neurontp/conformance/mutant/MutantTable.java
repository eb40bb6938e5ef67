package dev.neurontp.conformance.mutant;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every mutant with the rule that it breaks and that must kill it. */
public final class MutantTable {

    private MutantTable() {}

    /** A worker that is wrong in one way; {@code checks} are the rules and checks that are made to see it. */
    public record Mutant(String fault, String rule, String stage, String what, List<String> checks) {
        static Mutant of(String rule, String fault, String what) {
            return new Mutant(fault, rule, "7a-i", what, List.of(rule));
        }

        static Mutant inGroup(String rule, String fault, String what) {
            return new Mutant(fault, rule, "7a-ii", what, List.of(rule));
        }

        /** Whether nothing but a wait in vain shows it, so that a test of it lasts as long as the judge is patient. */
        public boolean isShownByTime() {
            return SHOWN_BY_TIME.contains(fault);
        }

        /** One that is seen while that check is made, which is about another rule. */
        Mutant seenIn(String check) {
            return new Mutant(fault, rule, stage, what, List.of(rule, check));
        }

        @Override
        public String toString() {
            return rule + " " + fault;
        }
    }

    private static final Set<String> SHOWN_BY_TIME = Set.of(
            "bye-and-hang",
            "bye-and-hang-when-joined",
            "deaf-after-any-error",
            "deaf-after-error",
            "deaf-after-error-when-joined",
            "deaf-at-a-ping-after-a-failed-init",
            "deaf-before-its-first-request",
            "deaf-when-idle",
            "errors-need-no-reader",
            "flushes-when-drained",
            "hangs-at-eof-without-a-member",
            "ids-by-their-letters",
            "ignores-eof",
            "ignores-eof-when-joined",
            "last-rank-never-reduces",
            "middle-rank-waits-for-its-group-at-eof",
            "rank-0-never-reduces",
            "rank-0-waits-for-its-group-at-shutdown",
            "slow-at-100k",
            "survives-sigint",
            "survives-signals",
            "survives-signals-in-a-group-call",
            "survives-signals-in-a-group-call-as-another",
            "survives-signals-in-a-line",
            "survives-signals-in-a-write",
            "survives-signals-when-joined",
            "survives-signals-without-a-member",
            "survives-sigterm-unasked",
            "survives-sigterm-after-an-error",
            "survives-sigterm-after-an-init",
            "survives-sigint-unasked",
            "survives-sigint-after-an-error",
            "survives-sigint-as-rank-0",
            "survives-sigint-after-an-init",
            "survives-sigterm-as-rank-0",
            "survives-sigint-in-a-write",
            "survives-sigint-in-a-group-call",
            "survives-sigterm",
            "swallows-write-errors",
            "waits-for-eof",
            "waits-for-its-group-at-eof",
            "waits-for-sums-at-shutdown",
            "waits-for-the-rest-of-a-line",
            "waits-for-its-group-at-shutdown");

    private static final List<Mutant> ALONE = List.of(
            Mutant.of("A1", "rank-plus-one", "says its rank plus one"),
            Mutant.of("A1", "size-is-rank-plus-1", "makes its world size up"),
            Mutant.of("A1", "device-is-rank", "takes its rank for its device"),
            Mutant.of("A1", "default-size-0", "thinks that a world is 0 by default"),
            Mutant.of("A1", "signed-numbers", "refuses numbers over 2147483647"),
            Mutant.of("A1", "signed-replies", "says large numbers as negative ones"),
            Mutant.of("A1", "no-equals-form", "does not know --rank=1"),
            Mutant.of("A1", "device-follows-rank", "takes its rank for its device where none is given"),
            Mutant.of("A1", "size-follows-rank", "takes rank + 1 for the world's size where none is given"),
            Mutant.of("A1", "bye-for-a-large-rank", "answers bye to a ping where its rank is over 2147483647"),
            Mutant.of("A1", "rounds-int-max", "takes 2147483647 for 2147483648"),
            Mutant.of("A1", "size-0-is-1", "takes 0 for the world's size and says 1"),
            Mutant.of("A1", "no-rank-of-all-ones", "takes 4294967295 for no rank"),
            Mutant.of("A1", "rank-of-the-environment", "takes RANK of the environment before --rank"),
            Mutant.of("A2", "cross-checks", "refuses rank 5 of 2"),
            Mutant.of("A3", "refuses-with-1", "refuses bad arguments with exit code 1"),
            Mutant.of("A3", "usage-on-stdout", "says on stdout what is wrong with its arguments"),
            Mutant.of("A3", "silent-refusal", "refuses bad arguments without a word"),
            Mutant.of("A3", "takes-unknown-options", "takes unknown options"),
            Mutant.of("A3", "wraps-numbers", "takes 4294967296 for 0"),
            Mutant.of("A3", "unicode-digits", "takes digits of other scripts"),
            Mutant.of("A3", "takes-fractions-of-0", "takes 1.0 for 1"),
            Mutant.of("A3", "takes-exponents-of-0", "takes 1e0 for 1"),
            Mutant.of("A3", "takes-underscores", "takes 1_0 for 10"),
            Mutant.of("A3", "takes-abbreviations", "takes --ran for --rank"),
            Mutant.of("A3", "trims-numbers", "takes blanks around a number"),
            Mutant.of("A3", "wraps-at-64-bits", "takes 18446744073709551617 for 1"),
            Mutant.of("A3", "takes-0X", "takes 0X1F for 31"),
            Mutant.of("A3", "takes-a-leading-tab", "takes a tab before a number"),
            Mutant.of("A3", "devices-in-hex", "takes 0x1 as --cuda-device alone"),
            Mutant.of("A3", "devices-behind-a-blank", "takes a blank before --cuda-device alone"),
            Mutant.of("A3", "devices-of-any-length", "takes --cuda-device alone of over 18 digits"),
            Mutant.of("A3", "all-devices", "takes all as --cuda-device"),
            Mutant.of("A3", "devices-in-lists", "takes 0,1 as --cuda-device"),
            Mutant.of("A3", "sizes-in-hex", "takes 0x2 as --tp-size alone"),
            Mutant.of("A3", "sizes-behind-a-blank", "takes a blank before --tp-size alone"),
            Mutant.of("A3", "sizes-by-words", "takes a word as --tp-size"),
            Mutant.of("A3", "ranks-by-words", "takes a word as --rank"),
            Mutant.of("A3", "any-case-options", "takes --RANK for --rank"),
            Mutant.of("A3", "takes-letters", "takes any option behind one hyphen"),
            Mutant.of("A3", "options-by-their-beginning", "takes --rank-x for --rank"),
            Mutant.of("A3", "takes-unknown-values", "takes unknown options with a value behind ="),
            Mutant.of("A3", "takes-what-follows", "takes anything behind the three options"),
            Mutant.of("A3", "device-without-a-value", "takes --cuda-device without a value"),
            Mutant.of("A3", "negative-numbers-wrap", "reads -1 with strtoul"),
            Mutant.of(
                    "A3",
                    "dies-at-other-digits",
                    "ends by an uncaught error where a value is a digit that its library cannot read"),
            Mutant.of("A4", "last-option-wins", "takes the last of two ranks"),
            Mutant.of("A5", "no-help", "knows no --help"),
            Mutant.of("A5", "help-on-stderr", "helps on stderr"),
            Mutant.of("F1", "crlf", "ends lines with CR LF"),
            Mutant.of("F1", "cr-inside", "puts a CR behind each colon"),
            Mutant.of("F1", "bom", "begins lines with a byte order mark"),
            Mutant.of("F1", "pretty", "prints pretty"),
            Mutant.of("F1", "breaks-lines", "quotes control characters raw, so that a line is no JSON"),
            Mutant.of("F1", "half-characters", "quotes half a character by its escape"),
            Mutant.of("F1", "cuts-characters", "cuts what it quotes in the middle of a character"),
            Mutant.of("F1s", "spaced", "puts a blank after each colon"),
            Mutant.of("F2", "refuses-cr", "takes no CR as white space"),
            Mutant.of("F2", "no-blank-in-empty-arrays", "takes no blank between [ and ]"),
            Mutant.of("F2", "refuses-long-lines-with-cr", "refuses a line of over 60 000 bytes that ends in CR LF"),
            Mutant.of("F2", "refuses-long-blanks-behind", "refuses a line of over 60 000 bytes that ends in a blank"),
            Mutant.of("F3", "answers-blank-lines", "answers blank lines"),
            Mutant.of("F3", "ends-at-blank-line", "ends at a blank line"),
            Mutant.of("F3", "answers-last-blank", "answers white space behind the last LF"),
            Mutant.of("F3", "answers-a-last-cr", "answers a CR behind the last LF"),
            Mutant.of("F3", "answers-long-blanks", "answers a blank line of over 64 KiB"),
            Mutant.of("F3", "answers-4096-blanks", "answers a blank line of 4096 bytes"),
            Mutant.of("F3", "ends-at-a-blank-first-line", "ends at a blank line that is its first"),
            Mutant.of("F4", "two-replies", "replies twice"),
            Mutant.of("F4", "drops-pipelined", "drops what is in the pipe behind a request"),
            Mutant.of("F4", "read-is-a-line", "takes what one read gives for a line"),
            Mutant.of(
                    "F4", "answers-a-lf-that-comes-behind-its-cr", "replies twice where a read ends between CR and LF"),
            Mutant.of("F4", "skips-repeated-lines", "takes a line that comes twice in one write for one"),
            Mutant.of("F4", "errors-come-late", "sends an error behind the next reply"),
            Mutant.of("F4", "skips-short-junk", "answers nothing to junk of one or two bytes"),
            Mutant.of("F4", "answers-some-errors-twice", "answers junk of one or two bytes twice"),
            Mutant.of("F4", "out-of-order", "answers pairs in the wrong order"),
            Mutant.of("F4", "dies-after-1000", "dies after 1000 requests"),
            Mutant.of("F4", "ends-when-idle", "ends with 0 after 1.5 s without a request"),
            Mutant.of("F4", "dies-when-idle", "dies after 3 s without a request"),
            Mutant.of("F4", "deaf-when-idle", "answers nothing after 1.5 s without a request"),
            Mutant.of("F4", "deaf-before-its-first-request", "answers nothing where its first request is late"),
            Mutant.of("F4", "drops-its-queue-at-the-end", "leaves at the end of its input with requests unanswered"),
            Mutant.of("F4", "loses-checks-at-the-end", "leaves at the end of its input while it checks"),
            Mutant.of("F4", "leaves-unwritten-replies", "says bye and drops the replies that were not written yet"),
            Mutant.of("F4", "drops-what-is-behind-long-lines", "drops what is in the pipe behind a line of 2 MB"),
            Mutant.of("F4", "drops-what-is-behind-8-mb", "drops what is in the pipe behind a line of over 8 MiB"),
            Mutant.of("F4", "bye-overtakes-long-lines", "says bye before its reply to a line of 2 MB"),
            Mutant.of("F4", "loses-long-lines-at-the-end", "leaves at the end of its input while it reads 2 MB"),
            Mutant.of("F4", "drops-replies-after-a-second", "drops a reply that nobody reads for a second")
                    .seenIn("F4.idle"),
            Mutant.of("F5", "log-at-start", "logs on stdout at its start"),
            Mutant.of("F5", "json-log-at-start", "logs JSON on stdout at its start"),
            Mutant.of("F5", "json-log-at-exit", "logs JSON on stdout at its end"),
            Mutant.of("F5", "log-at-exit", "logs on stdout at its end"),
            Mutant.of("F5", "rank-0-logs-at-exit", "logs on stdout at its end where it is rank 0")
                    .seenIn("A1.defaults"),
            Mutant.of("F5", "log-at-signal", "logs on stdout when it is told to end"),
            Mutant.of("F5", "nccl-debug-on-stdout", "lets NCCL log on stdout"),
            Mutant.of("F5", "blank-line-after-reply", "puts a blank line after each reply"),
            Mutant.of("F6", "drops-last-line", "drops a last line without LF"),
            Mutant.of("F6", "drops-bad-last-line", "drops a last line without LF that is no object"),
            Mutant.of("F6", "loses-init-at-the-end", "drops a last line without LF that is an init"),
            Mutant.of("F6", "drops-a-long-last-line", "drops a last line without LF of over 64 KiB"),
            Mutant.of("F6", "drops-a-last-line-of-8-mb", "drops a last line without LF of over 8 MiB"),
            Mutant.of(
                    "F6", "drops-a-last-line-behind-a-blank", "drops a last line without LF that begins with a blank"),
            Mutant.of("F7", "no-flush", "flushes at its end only"),
            Mutant.of("F7", "flushes-when-drained", "flushes once it has no byte left to read"),
            Mutant.of("F8", "slow-at-100k", "needs 8 s for a line of over 100 KiB"),
            Mutant.of("F8", "cuts-at-64k", "cuts lines at 64 KiB"),
            Mutant.of("F8", "refuses-the-third-long-line", "refuses the third line of over 8 MiB"),
            Mutant.of("F8", "refuses-long-blanks", "refuses a line that begins with a megabyte of blanks"),
            Mutant.of("F8", "refuses-many-escapes", "refuses a line of 8 MiB of escapes"),
            Mutant.of("F10", "takes-bad-utf8", "reads what is not UTF-8 with replacements"),
            Mutant.of("F10", "skims-long-lines", "does not look for UTF-8 in lines of over 100 KiB"),
            Mutant.of("F10", "any-bytes-in-shutdown", "takes any bytes in a shutdown"),
            Mutant.of("F10", "drops-cut-characters", "drops half a character at the end of its input"),
            Mutant.of("F10s", "dies-at-bad-utf8", "dies at what is not UTF-8"),
            Mutant.of("F10s", "skips-bad-utf8", "does not answer what is not UTF-8"),
            Mutant.of("F11", "takes-bom", "drops a byte order mark"),
            Mutant.of("F11", "takes-bom-before-shutdown", "drops a byte order mark before shutdown"),
            Mutant.of("F11", "takes-bom-before-init", "drops a byte order mark before an init"),
            Mutant.of("F11", "takes-bom-in-a-last-line", "drops a byte order mark in a last line without LF"),
            Mutant.of("O1", "any-case", "takes tags in any case"),
            Mutant.of("O1", "any-case-names", "takes Op for op"),
            Mutant.of("O1", "plain-shutdown-only", "knows shutdown only without other fields"),
            Mutant.of("O1", "trims-op", "trims tags"),
            Mutant.of("O1", "ops-by-their-beginning", "compares as many letters as shutdown has"),
            Mutant.of("O1", "wrong-tag", "says Pong"),
            Mutant.of("O1", "type-for-op", "tags replies with type"),
            Mutant.of("O1", "op-comes-first", "wants op first"),
            Mutant.of("O1", "reads-no-escapes", "does not unescape names and tags"),
            Mutant.of("O1", "normalises-op", "takes full-width letters for plain ones"),
            Mutant.of("O1", "ends-names-at-nul", "takes op and a NUL for op"),
            Mutant.of("O2", "numbers-as-strings", "writes numbers as strings"),
            Mutant.of("O2", "deep-number", "says a rank that nests 500 levels deep"),
            Mutant.of("O2", "numbers-as-doubles", "writes 1.0"),
            Mutant.of("O3", "size-of-the-ping", "says the world_size of the ping"),
            Mutant.of("O3", "knows-a-version", "refuses a field named version"),
            Mutant.of("O3", "refuses-unknown-fields", "refuses unknown fields"),
            Mutant.of("O3", "splits-at-line-separators", "ends a line at U+2028 too"),
            Mutant.of("O3", "refuses-any-duplicate", "refuses any field given twice"),
            Mutant.of("O3", "types-foreign-comm-id", "checks comm_id in a ping"),
            Mutant.of("O3", "short-names", "refuses names of over 1000 bytes"),
            Mutant.of("O3", "few-members", "refuses more than 64 members"),
            Mutant.of("O3", "no-escaped-slash", "knows no escaped slash"),
            Mutant.of("O3", "types-comm-id-of-shutdown", "checks comm_id in a shutdown"),
            Mutant.of("O3", "one-comm-id-in-checks", "refuses a comm_id given twice in a sanity check"),
            Mutant.of("O3", "numbers-of-63", "refuses numbers of over 63 characters"),
            Mutant.of("O3", "refuses-own-names", "passes fields on as an object's own: hasOwnProperty, self"),
            Mutant.of("O3", "refuses-prototypes", "refuses a field __proto__"),
            Mutant.of("O3", "exponents-without-zeros", "refuses an exponent that begins with 0"),
            Mutant.of("O3", "few-elements", "refuses more than 1024 elements"),
            Mutant.of("O3", "elements-below-1m", "refuses more than 1 000 000 elements"),
            Mutant.of("O3", "members-below-100k", "refuses more than 100 000 members"),
            Mutant.of("O3", "counts-inner-comm-ids", "takes a comm_id inside another field for a second one"),
            Mutant.of("O4", "takes-op-twice", "takes op twice, the first counts"),
            Mutant.of("O4", "last-op-wins", "takes op twice, the last counts"),
            Mutant.of("O4", "takes-comm-id-twice", "takes comm_id twice"),
            Mutant.of("O5", "trims-shutdown", "takes a shutdown with a blank before or behind it"),
            Mutant.of("O5", "dies-at-unknown-op", "dies at an unknown op"),
            Mutant.of("O5", "ops-of-17-letters", "keeps 17 letters of an op"),
            Mutant.of("O5", "takes-unknown-ops", "answers unknown ops with pong"),
            Mutant.of("O5", "odd-unknown-kind", "has a kind of its own for unknown ops"),
            Mutant.of("O5", "long-ops-are-too-long", "has a kind of its own for ops of over 60 000 bytes"),
            Mutant.of("O6", "takes-comments-behind", "takes what follows a # behind the object for a comment"),
            Mutant.of("O6", "takes-trailing-comma", "takes a trailing comma"),
            Mutant.of("O6", "takes-trailing-text", "takes anything after the object"),
            Mutant.of("O6", "takes-comments", "takes comments"),
            Mutant.of("O6", "takes-nan", "takes NaN"),
            Mutant.of("O6", "takes-leading-zeros", "takes 01"),
            Mutant.of("O6", "takes-lone-surrogate", "takes half a character"),
            Mutant.of("O6", "skims-ignored-fields", "takes half a character in a field that it ignores"),
            Mutant.of("O6", "takes-any-escape", "takes any letter behind a backslash"),
            Mutant.of("O6", "takes-words-of-python", "takes True and None"),
            Mutant.of("O6", "joins-any-half", "takes half a character before any other escape"),
            Mutant.of("O6", "takes-double-commas", "takes two commas for one"),
            Mutant.of("O6", "takes-equals", "takes = for a colon"),
            Mutant.of("O6", "takes-batches", "takes an array of requests"),
            Mutant.of("O6", "takes-other-blanks", "takes U+00A0 and its like for white space"),
            Mutant.of("O6", "takes-control-characters", "takes raw control characters"),
            Mutant.of("O6", "takes-inner-nan", "takes NaN inside an array or an object"),
            Mutant.of(
                    "O6",
                    "takes-inner-control-characters",
                    "takes raw control characters inside an array or an object"),
            Mutant.of("O6", "takes-numbers-for-inner-names", "takes {1:2} as a value"),
            Mutant.of("O6", "takes-arrows-in-values", "takes {\"a\"=>1} as a value"),
            Mutant.of("O6", "takes-deep-trailing-commas", "takes [[1,]] as a value"),
            Mutant.of("O6", "takes-underscores-in-escapes", "takes an underscore among the digits of an escape"),
            Mutant.of("O6", "takes-ctrl-z-behind", "takes U+001A behind the object"),
            Mutant.of("O6", "takes-colours-behind", "takes a terminal's escape sequence behind the object"),
            Mutant.of("O6", "any-op-type", "takes an op that is no string"),
            Mutant.of("O6", "any-comm-id-type", "takes a comm_id that is no string"),
            Mutant.of("O6", "comm-id-optional", "takes init without comm_id"),
            Mutant.of("O6", "odd-error-kind", "says badRequest"),
            Mutant.of("O7", "stack-overflow", "dies of a stack overflow"),
            Mutant.of("O7", "shallow", "takes 64 levels only"),
            Mutant.of("O8", "dies-on-error", "dies after its first error"),
            Mutant.of("O8", "deaf-after-error", "answers nothing after an error"),
            Mutant.of("O8", "dies-on-any-error", "dies after its first error, the marker of its stage too"),
            Mutant.of("O8", "deaf-after-any-error", "answers nothing after an error, the marker of its stage too"),
            Mutant.of("O6", "dies-on-bad-json", "dies at what is no JSON"),
            Mutant.of("O9", "renamed-field", "says worldSize"),
            Mutant.of("O9", "extra-field", "adds a field to pong"),
            Mutant.of("O9", "deep-field", "adds a field to pong that nests 500 levels deep"),
            Mutant.of("O9", "padded-pong", "adds 64 KiB to each pong"),
            Mutant.of("O9", "extra-error-field", "adds a field to errors"),
            Mutant.of("O9", "more-in-bye-of-rank-0", "adds a field to the bye of rank 0")
                    .seenIn("S1.other-ranks"),
            Mutant.of("O9", "no-device", "leaves the device out"),
            Mutant.of("O10", "empty-message", "has no words for errors"),
            Mutant.of("O10", "numeric-kind", "numbers its errors"),
            Mutant.of("O10s", "quotes-whole-lines", "quotes lines of megabytes"),
            Mutant.of("O10s", "counts-characters", "counts the characters of what it quotes, not its bytes"),
            Mutant.of("S1", "wrong-marker", "says not_implemented"),
            Mutant.of("S1", "no-marker-on-init", "says bad_request to init"),
            Mutant.of("S1", "only-workers-know-init", "says bad_request to an init of rank 0"),
            Mutant.of("S1", "checks-digits", "checks the digits of comm_id"),
            Mutant.of("S1", "short-ids", "refuses a comm_id of over 1 MiB"),
            Mutant.of("S1", "sanity-succeeds", "claims a sum in stage 7a-i"),
            Mutant.of("O1", "marks-ping", "puts the marker on ping"),
            new Mutant("wrong-marker", "S2", "7a-ii-no-cuda", "says not_implemented", List.of("S2")),
            Mutant.of("L1", "exit-1-at-eof-as-rank-0", "ends with 1 at the end of input as rank 0")
                    .seenIn("A1.defaults"),
            Mutant.of("L1", "leaves-a-child-at-help", "leaves a child where it was asked for help")
                    .seenIn("A5.answers"),
            Mutant.of("L1", "ignores-eof", "ignores the end of its input"),
            Mutant.of("L1", "bye-at-eof", "says bye at the end of its input"),
            Mutant.of("L1", "exit-1-at-eof", "ends with 1 at the end of its input"),
            Mutant.of("L1", "exit-1-in-a-line", "ends with 1 where its input ends in a line"),
            Mutant.of(
                            "L1",
                            "exit-1-behind-a-long-line",
                            "ends with 1 where its input ends in a line of over 100 000 bytes")
                    .seenIn("F6.any-last-line"),
            Mutant.of("L1", "dies-behind-a-line-of-16-mb", "aborts where its input ends in a line of 16 MiB")
                    .seenIn("F6.any-last-line"),
            Mutant.of("L1", "exit-1-after-an-error", "ends with 1 where its last reply was an error")
                    .seenIn("F6.any-last-line"),
            Mutant.of("L1", "exit-1-behind-a-blank", "ends with 1 where white space is its last line")
                    .seenIn("F3.last-line"),
            Mutant.of("L1", "leaves-a-grandchild", "starts a child that holds its pipes and lives on"),
            Mutant.of("L1", "leaves-a-child-at-eof", "leaves a child at the end of its input"),
            Mutant.of("L2", "no-bye", "says no bye"),
            Mutant.of("L2", "bye-and-exit-1", "says bye and ends with 1"),
            Mutant.of("L2", "bye-and-hang", "says bye and hangs"),
            Mutant.of("L2", "waits-for-eof", "waits for the end of its input after bye"),
            Mutant.of("L2", "waits-for-the-rest-of-a-line", "waits for the rest of a line behind shutdown after bye"),
            Mutant.of("L2", "bye-and-exit-1-behind-a-cr", "says bye and ends with 1 where shutdown ends in CR LF"),
            Mutant.of("L2", "answers-after-bye", "answers what stands behind shutdown"),
            Mutant.of("L2", "leaves-a-daemon", "leaves a child with a session and pipes of its own"),
            Mutant.of(
                    "L1", "leaves-a-bare-child", "leaves a child with a session, pipes and an environment of its own"),
            Mutant.of("L2", "leaves-a-child-after-bye", "leaves a child after bye"),
            Mutant.of("L2s", "slow-exit", "needs 1.7 s after bye"),
            Mutant.of("L3", "survives-signals", "survives signals"),
            Mutant.of("L3", "survives-sigterm", "survives SIGTERM alone"),
            Mutant.of("L3", "survives-sigint", "survives SIGINT alone"),
            Mutant.of("L3", "survives-sigterm-unasked", "survives SIGTERM until it was asked something")
                    .seenIn("F4.idle"),
            Mutant.of("L3", "survives-sigterm-after-an-error", "survives SIGTERM after an error"),
            Mutant.of("L3", "survives-sigterm-as-rank-0", "survives SIGTERM as rank 0"),
            Mutant.of("L3", "survives-sigterm-after-an-init", "survives SIGTERM after an init that was refused"),
            Mutant.of("L3", "survives-sigint-unasked", "survives SIGINT until it was asked something")
                    .seenIn("F4.idle"),
            Mutant.of("L3", "survives-sigint-after-an-error", "survives SIGINT after an error"),
            Mutant.of("L3", "survives-sigint-as-rank-0", "survives SIGINT as rank 0"),
            Mutant.of("L3", "survives-sigint-after-an-init", "survives SIGINT after an init that was refused"),
            Mutant.of("L3", "survives-sigint-in-a-write", "survives SIGINT while nobody reads"),
            Mutant.of("L3", "script-without-exec", "is behind a start script that SIGTERM ends alone"),
            Mutant.of("L3", "leaves-a-child-at-signals", "leaves a child at a signal"),
            Mutant.of("L3", "exits-0-at-signals", "ends with 0 at a signal"),
            Mutant.of("L3", "survives-signals-in-a-line", "survives signals in the middle of a line"),
            Mutant.of("L3", "survives-signals-in-a-write", "survives signals while nobody reads"),
            Mutant.of("L4", "exit-0-without-reader", "ends with 0 when nobody reads"),
            Mutant.of("L4", "aborts-without-reader", "ends by SIGABRT when nobody reads"),
            Mutant.of("L4", "traps-without-reader", "ends by SIGILL or SIGTRAP when nobody reads"),
            Mutant.of("L4", "ends-itself-without-reader", "ends by a SIGTERM of its own when nobody reads"),
            Mutant.of("L4", "leaves-a-child-without-reader", "leaves a child when nobody reads"),
            Mutant.of("L4", "errors-need-no-reader", "does not notice that nobody reads its errors"),
            Mutant.of("L4", "checks-need-no-reader", "does not notice that nobody reads its replies to checks"),
            Mutant.of("L4", "bye-needs-no-reader", "ends with 0 when nobody reads its bye"),
            Mutant.of("L4", "the-last-line-needs-no-reader", "ends with 0 when nobody reads its last reply"),
            Mutant.of("L4", "exit-0-when-a-write-is-cut", "ends with 0 when its reader goes while it waits in a write"),
            Mutant.of("L4", "swallows-write-errors", "does not notice that nobody reads"));

    /** All of them. */
    public static final List<Mutant> MUTANTS =
            Stream.concat(ALONE.stream(), GroupMutants.ALL.stream()).toList();

    /** The first of each rule. */
    public static final List<Mutant> ONE_OF_EACH_RULE = MUTANTS.stream()
            .collect(Collectors.toMap(Mutant::rule, mutant -> mutant, (first, _) -> first, LinkedHashMap::new))
            .values()
            .stream()
            .toList();

    /** All but those. */
    public static final List<Mutant> OTHERS = MUTANTS.stream()
            .filter(mutant -> !ONE_OF_EACH_RULE.contains(mutant))
            .toList();
}
