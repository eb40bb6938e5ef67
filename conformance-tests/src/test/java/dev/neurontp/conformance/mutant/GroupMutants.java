package dev.neurontp.conformance.mutant;

import dev.neurontp.conformance.mutant.MutantTable.Mutant;
import java.util.List;

/** The mutants that only a whole group shows. */
final class GroupMutants {

    private GroupMutants() {}

    static final List<Mutant> ALL = List.of(
            Mutant.inGroup("S3", "sums-to-one", "sums to 1"),
            Mutant.inGroup("S3", "sums-to-two", "always sums to 2"),
            Mutant.inGroup("S3", "never-reduces", "never reduces, and answers its --tp-size"),
            Mutant.inGroup("S3", "rank-0-never-reduces", "never reduces on rank 0, which answers its --tp-size"),
            Mutant.inGroup(
                    "S3", "last-rank-never-reduces", "never reduces on its last rank, which answers its --tp-size"),
            Mutant.inGroup("S3", "keeps-the-first-sum", "reduces once and answers with that sum ever after"),
            Mutant.inGroup("S3", "rank-0-is-wrong", "is wrong on rank 0 alone"),
            Mutant.inGroup("S3", "last-rank-is-wrong", "is wrong on its last rank alone"),
            Mutant.inGroup("S3", "wrong-from-the-fourth", "is wrong from the fourth sum on"),
            Mutant.inGroup("S3", "wrong-at-the-tenth", "is wrong at the tenth sum alone"),
            Mutant.inGroup("S3", "wrong-from-the-41st", "is wrong from the 41st sum on"),
            Mutant.inGroup("S3", "one-sum-at-a-time", "refuses a sum with another one behind it"),
            Mutant.inGroup("S3", "one-sum-only", "sums once"),
            Mutant.inGroup("S3", "joins-alone", "does not wait for the others"),
            Mutant.inGroup("S3", "rank-0-joins-alone", "does not wait for the others on rank 0"),
            Mutant.inGroup("S3", "joins-one-early", "does not wait for the last of the others"),
            Mutant.inGroup("S3", "lower-case-ids-only", "refuses a comm_id in upper-case digits"),
            Mutant.inGroup("S3", "ids-by-their-letters", "takes a comm_id in upper case for another one"),
            Mutant.inGroup("S3", "mixes-groups", "has one group for all comm_ids"),
            Mutant.inGroup("S3", "sums-without-the-gone", "answers its --tp-size after a member has left"),
            Mutant.inGroup("S3", "sums-what-is-left", "sums over those that are left after a member has left"),
            Mutant.inGroup("S3", "leaves-the-group-when-idle", "leaves its group after 1.5 s without a request"),
            Mutant.inGroup("S3", "rank-plus-one-when-joined", "says its rank plus one once it has joined"),
            Mutant.inGroup("S3", "device-0-when-joined", "says device 0 once it has joined"),
            Mutant.inGroup("F4", "pings-overtake", "answers a ping before the sum that it waits in")
                    .seenIn("F4.in-a-group"),
            Mutant.inGroup("F4", "drops-its-sum-at-the-end", "ends at the end of its input while a sum waits")
                    .seenIn("F4.end.in-a-group"),
            Mutant.inGroup("F4", "shutdown-overtakes", "answers a shutdown before the sum that it waits in")
                    .seenIn("F4.shutdown.in-a-group"),
            Mutant.inGroup("O1", "plain-inits-only", "joins by an init without escapes only")
                    .seenIn("O1.in-a-group"),
            Mutant.inGroup("O1", "plain-sums-only", "sums by a request without escapes only")
                    .seenIn("O1.in-a-group"),
            Mutant.inGroup("F4", "drops-a-last-sum", "drops a last line without LF that is a sanity check")
                    .seenIn("F4.end.in-a-group"),
            Mutant.inGroup("S3", "wrong-after-a-second-init", "is wrong once it has refused a second init")
                    .seenIn("S6.second-init"),
            Mutant.inGroup("O8", "leaves-its-group-at-a-bad-id", "leaves its group at a comm_id that is none")
                    .seenIn("O8.in-a-group"),
            Mutant.inGroup("L4", "init-ok-needs-no-reader", "ends with 0 when nobody reads its init_ok")
                    .seenIn("L4.in-a-group"),
            Mutant.inGroup("L4", "sums-need-no-reader", "ends with 0 when nobody reads its sum")
                    .seenIn("L4.in-a-group"),
            Mutant.inGroup("O3", "init-has-two-fields", "joins by an init of two fields only")
                    .seenIn("O3.in-a-group"),
            Mutant.inGroup("L3", "survives-signals-in-a-group-call", "survives signals while it waits for other ranks")
                    .seenIn("L3.in-a-group"),
            Mutant.inGroup("L3", "survives-sigint-in-a-group-call", "survives SIGINT while it waits for other ranks")
                    .seenIn("L3.in-a-group"),
            Mutant.inGroup("O2", "sums-as-strings", "writes its sum as a string")
                    .seenIn("S3.join-and-sum"),
            Mutant.inGroup("S4", "sums-before-init", "sums before init"),
            Mutant.inGroup("S5", "takes-any-id", "takes any comm_id"),
            Mutant.inGroup("S5", "trims-ids", "takes a comm_id with blanks around it"),
            Mutant.inGroup("S5", "refuses-all-after-a-bad-id", "refuses every init after a comm_id that was not hex"),
            Mutant.inGroup("S5", "odd-kind-without-a-member", "has a kind of its own for a sum after a member has left")
                    .seenIn("S3.member-leaves"),
            Mutant.inGroup("S4", "sums-after-a-failed-init", "sums after an init that failed")
                    .seenIn("S5.maker-gone"),
            Mutant.inGroup(
                            "S5",
                            "odd-kind-without-a-maker",
                            "has a kind of its own for an init that cannot reach the maker")
                    .seenIn("S5.maker-gone"),
            Mutant.inGroup("S6", "replaces-communicator", "replaces its communicator"),
            Mutant.inGroup("S6", "takes-its-own-id-again", "takes a second init with the comm_id of the first"),
            Mutant.inGroup("S6", "second-init-breaks-the-group", "refuses a second init, and cannot sum after it"),
            Mutant.inGroup("O8", "errors-break-the-group", "cannot sum after an error"),
            Mutant.inGroup("O8", "dies-on-error-when-joined", "dies after its first error once it has joined"),
            Mutant.inGroup("O8", "deaf-after-error-when-joined", "answers nothing after an error once it has joined"),
            Mutant.inGroup("F5", "logs-at-join", "lets NCCL log on stdout").seenIn("S3.one-id"),
            Mutant.inGroup("F3", "answers-blank-lines-when-joined", "answers blank lines once it has joined")
                    .seenIn("O8.in-a-group"),
            Mutant.inGroup(
                            "F4",
                            "drops-pipelined-when-joined",
                            "drops what is in the pipe behind a request once it has joined")
                    .seenIn("O8.in-a-group"),
            Mutant.inGroup("O3", "refuses-unknown-fields-when-joined", "refuses unknown fields once it has joined")
                    .seenIn("O8.in-a-group"),
            Mutant.inGroup("O5", "takes-unknown-ops-when-joined", "answers unknown ops with pong once it has joined")
                    .seenIn("O8.in-a-group"),
            Mutant.inGroup("O6", "takes-nan-when-joined", "takes NaN once it has joined")
                    .seenIn("O8.in-a-group"),
            Mutant.inGroup(
                            "L1",
                            "waits-for-its-group-at-eof",
                            "waits for the others of its group at the end of its input")
                    .seenIn("S3.member-leaves"),
            Mutant.inGroup("L2", "waits-for-its-group-at-shutdown", "waits for the others of its group before its bye")
                    .seenIn("S3.member-leaves"),
            Mutant.inGroup(
                            "L1",
                            "middle-rank-waits-for-its-group-at-eof",
                            "waits for the others at the end of its input, as neither the first nor the last rank")
                    .seenIn("S3.join-and-sum"),
            Mutant.inGroup(
                            "L2",
                            "rank-0-waits-for-its-group-at-shutdown",
                            "waits for the others of its group before its bye, on rank 0")
                    .seenIn("L2.one-by-one.in-a-group"),
            Mutant.inGroup(
                            "L1",
                            "hangs-at-eof-without-a-member",
                            "hangs at the end of its input after a sum that failed since a member had left")
                    .seenIn("S3.member-leaves"),
            Mutant.inGroup(
                            "L1",
                            "exit-1-after-a-failed-init",
                            "exits with 1 at the end of its input after an init that failed")
                    .seenIn("S5.maker-gone"),
            Mutant.inGroup(
                            "L1",
                            "exit-1-after-an-error-when-joined",
                            "exits with 1 at the end of its input after an error, once it has joined")
                    .seenIn("O8.in-a-group"),
            Mutant.inGroup(
                            "S3",
                            "sums-again-without-the-gone",
                            "answers its --tp-size to the second sum without a member")
                    .seenIn("S3.member-leaves"),
            Mutant.inGroup(
                    "S5",
                    "init-ok-for-a-pong-after-nine-bad-ids",
                    "answers init_ok to a ping after nine comm_ids that are none"),
            Mutant.inGroup(
                            "S3",
                            "init-ok-for-a-pong-after-a-second-init",
                            "answers init_ok to a ping once it has refused a second init")
                    .seenIn("S6.second-init"),
            Mutant.inGroup("S3", "rank-plus-one-after-a-second-init", "says its rank plus one after a second init")
                    .seenIn("S6.second-init"),
            Mutant.inGroup("S3", "sums-at-the-end", "takes part in the sum of the others as it leaves")
                    .seenIn("S3.member-leaves"),
            Mutant.inGroup("L2", "waits-for-sums-at-shutdown", "waits for the sum of the others before its bye")
                    .seenIn("S3.member-leaves"),
            Mutant.inGroup(
                            "L1",
                            "leaves-a-child-after-a-failed-init",
                            "leaves a process behind after an init that failed")
                    .seenIn("S5.maker-gone"),
            Mutant.inGroup(
                            "L3",
                            "survives-signals-in-a-group-call-as-another",
                            "survives signals while it waits for other ranks, where it is not rank 0")
                    .seenIn("L3.in-a-group"),
            Mutant.inGroup(
                            "L3",
                            "survives-signals-without-a-member",
                            "survives signals in a sum that a member has left")
                    .seenIn("S3.member-leaves"),
            Mutant.inGroup("O8", "dies-at-a-ping-after-a-failed-init", "ends at a ping after an init that failed")
                    .seenIn("S5.maker-gone"),
            Mutant.inGroup("O8", "deaf-at-a-ping-after-a-failed-init", "answers no ping after an init that failed")
                    .seenIn("S5.maker-gone"),
            Mutant.inGroup("S5", "dies-at-long-ids", "dies at a comm_id of over 100 000 bytes"),
            Mutant.inGroup("S5", "odd-kind-for-no-id", "has an error kind of its own for an empty comm_id"),
            Mutant.inGroup("S5", "takes-longer-ids", "takes a comm_id of 257 or 258 digits"),
            Mutant.inGroup("S5", "drops-hyphens-in-ids", "takes a comm_id with hyphens in it"),
            Mutant.inGroup("O3", "refuses-long-lines-when-joined", "refuses lines of over 64 KiB once it has joined")
                    .seenIn("O3.in-a-group"),
            Mutant.inGroup("O6", "any-comm-id-type-when-joined", "looks at no comm_id once it has joined")
                    .seenIn("S6.second-init"),
            Mutant.inGroup("F4", "shutdown-overtakes-its-init", "answers a shutdown before the init that it waits in")
                    .seenIn("F4.joining.in-a-group"),
            Mutant.inGroup(
                            "L4",
                            "errors-end-with-0-when-joined",
                            "ends with 0 when nobody reads its error once it has joined")
                    .seenIn("S6.second-init"),
            Mutant.inGroup("L1", "ignores-eof-when-joined", "ignores the end of its input once it has joined"),
            Mutant.inGroup("L2", "bye-and-hang-when-joined", "says bye and hangs once it has joined"),
            Mutant.inGroup("L3", "survives-signals-when-joined", "survives signals once it has joined"),
            Mutant.inGroup(
                    "L4", "exit-0-without-reader-when-joined", "ends with 0 when nobody reads once it has joined"));
}
