package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is made of copies between GPUs, and of a program that did not come to its end. */
class PeerPhaseTest {
    private static final PeerCopies.Size RIGHT = new PeerCopies.Size(0, 0, "", "", 900, 1000, 1100);

    private static boolean ended;

    @AfterEach
    void goesOn() {
        ended = false;
    }

    private record Source(boolean isOwn, String communicator) implements GroupSource {
        @Override
        public List<String> command() {
            return List.of("neuron");
        }

        @Override
        public Group open() throws GroupLostException {
            throw GroupLostException.failed("no worker here", null);
        }
    }

    private static List<CaseResult> results(GroupSource source, List<RankDevice> ranks, PeerCopies.Answer answer)
            throws InterruptedException {
        return results(source, ranks, (_, _, _, _, _, _) -> answer);
    }

    private static List<CaseResult> results(GroupSource source, List<RankDevice> ranks, PeerCopies peers)
            throws InterruptedException {
        ValidationRun.Setup setup = new ValidationRun.Setup(
                source,
                Samples.plan(),
                new Bars(),
                Optional.empty(),
                false,
                HostCheck.skipped("no"),
                peers,
                () -> GpuWatch.none("no"));
        return new PeerPhase(setup, ranks, () -> ended).results();
    }

    private static List<CaseResult> results(PeerCopies.Answer answer) throws InterruptedException {
        return results(new Source(true, "nccl"), Samples.ranks(3, false), answer);
    }

    private static List<String> uuids() {
        return Samples.ranks(3, false).stream().map(RankDevice::deviceUuid).toList();
    }

    private static List<PeerCopies.Copy> all() {
        List<PeerCopies.Copy> copies = new ArrayList<>();
        for (int from = 0; from < 3; from++) {
            for (int to = 0; to < 3; to++) {
                if (from != to) {
                    copies.add(new PeerCopies.Copy(from, to, true, RIGHT, RIGHT));
                }
            }
        }
        return copies;
    }

    private static PeerCopies.Answer whole(List<PeerCopies.Copy> copies) {
        return new PeerCopies.Answer(copies, uuids(), false, Optional.empty(), Optional.empty(), false);
    }

    private static String only(List<CaseResult> results, Status status) {
        assertThat(results).hasSize(1).allMatch(result -> result.status() == status);
        return results.getFirst().reason();
    }

    @Test
    void everyPairHasACaseOfEachSizeWithABandwidth() throws InterruptedException {
        List<CaseResult> results = results(whole(all()));

        assertThat(results).hasSize(7).allMatch(result -> result.status() == Status.PASS);
        assertThat(results.stream().map(result -> result.of().id()))
                .contains("peers/copy_peer/0-1/8", "peers/copy_peer/1-2/64M", "peers/compared");
        assertThat(results.get(1).bandwidth()).isPresent();
    }

    private static PeerCopies.Answer slow(int from, int to) {
        List<PeerCopies.Copy> copies = new ArrayList<>(all());
        copies.replaceAll(copy -> copy.from() == from && copy.to() == to
                ? new PeerCopies.Copy(from, to, true, RIGHT, new PeerCopies.Size(0, 0, "", "", 9000, 10_000, 11_000))
                : copy);
        return whole(copies);
    }

    @Test
    void aPairThatLooksSlowIsCopiedOnceMoreBeforeItIsNamed() throws InterruptedException {
        Source own = new Source(true, "nccl");
        Queue<PeerCopies.Answer> answers = new ArrayDeque<>(List.of(slow(0, 1), whole(all())));
        List<CaseResult> once = results(own, Samples.ranks(3, false), (_, _, _, _, _, _) -> answers.remove());
        assertThat(answers).isEmpty();
        assertThat(once).hasSize(7).allMatch(result -> result.status() == Status.PASS);

        List<CaseResult> twice = results(own, Samples.ranks(3, false), slow(0, 1));
        assertThat(twice).hasSize(7);
        assertThat(twice.getLast().status()).isEqualTo(Status.WARN);
        assertThat(twice.getLast().reason()).contains("slow among 3 pairs: 0-1");
    }

    @Test
    void wrongDataIsOfTheRankThatReceivedItAndNamesTheOneThatSent() throws InterruptedException {
        List<PeerCopies.Copy> copies = all();
        PeerCopies.Size wrong = new PeerCopies.Size(3, 7, "0x0000000000000001", "0xa5a5a5a5a5a5a5a5", 900, 1000, 1100);
        copies.set(1, new PeerCopies.Copy(0, 2, true, RIGHT, wrong));

        List<CaseResult> bad = results(whole(copies)).stream()
                .filter(result -> result.status() == Status.FAIL)
                .toList();

        assertThat(bad).singleElement().satisfies(result -> {
            assertThat(result.of().id()).isEqualTo("peers/copy_peer/0-2/64M");
            assertThat(String.join("\n", result.evidence()))
                    .contains("rank 2 (", "has 3 wrong of 8388608", "element 7 (byte 56)", "never written", "rank 0 (");
        });
    }

    @Test
    void accessOneWayIsAWarningAndNoneIsToldOnly() throws InterruptedException {
        List<PeerCopies.Copy> copies = all();
        copies.set(0, new PeerCopies.Copy(0, 1, false, RIGHT, RIGHT));
        assertThat(results(whole(copies))).anySatisfy(result -> {
            assertThat(result.status()).isEqualTo(Status.WARN);
            assertThat(result.reason()).startsWith("peer access one way only: rank 0 (");
        });

        copies.set(2, new PeerCopies.Copy(1, 0, false, RIGHT, RIGHT));
        assertThat(results(whole(copies)))
                .allMatch(result -> result.status() == Status.PASS)
                .anySatisfy(result -> assertThat(result.reason()).contains("through the host's memory"));
    }

    @Test
    void aCopyThatDoesNotEndFailsAndTheOthersAreSkipped() throws InterruptedException {
        List<CaseResult> results = results(new PeerCopies.Answer(
                all().subList(0, 3),
                uuids(),
                false,
                Optional.of(new PeerCopies.Direction(1, 2)),
                Optional.of("pid 5 did not answer"),
                true));

        assertThat(results).anySatisfy(result -> {
            assertThat(result.of().id()).isEqualTo("peers/1-2");
            assertThat(result.status()).isEqualTo(Status.FAIL);
            assertThat(result.evidence()).containsExactly("pid 5 did not answer");
        });
        assertThat(results).anySatisfy(result -> {
            assertThat(result.status()).isEqualTo(Status.SKIPPED);
            assertThat(result.reason()).isEqualTo("2 other copies were not tried after that");
        });
    }

    @Test
    void aProgramThatCannotBeginIsSkippedAndOneThatHangsFails() throws InterruptedException {
        assertThat(only(results(PeerCopies.Answer.none("no libcuda")), Status.SKIPPED))
                .isEqualTo("no libcuda");
        PeerCopies.Answer hung =
                new PeerCopies.Answer(List.of(), List.of(), false, Optional.empty(), Optional.of("hangs"), true);
        assertThat(only(results(hung), Status.FAIL)).isEqualTo("hangs");
    }

    /** By a signal or --max-time: what was copied until then is told, and nobody is blamed for the rest. */
    @Test
    void whatWasCopiedBeforeTheRunEndedIsReported() throws InterruptedException {
        List<CaseResult> results =
                results(new Source(true, "nccl"), Samples.ranks(3, false), (_, _, _, _, _, stopped) -> {
                    ended = true;
                    assertThat(stopped.getAsBoolean()).isTrue();
                    return whole(List.of(all().get(0), all().get(2)));
                });
        assertThat(results).allMatch(result -> result.status() != Status.FAIL);
        assertThat(results.stream().map(result -> result.of().id())).contains("peers/copy_peer/0-1/8");
        assertThat(results).anySatisfy(result -> {
            assertThat(result.of().id()).isEqualTo("peers/others");
            assertThat(result.status()).isEqualTo(Status.SKIPPED);
            assertThat(result.reason()).isEqualTo("the run was ended: 4 other copies were not tried");
        });
    }

    @Test
    void aPairThatLooksSlowIsNotCopiedAgainOnceTheRunIsEnded() throws InterruptedException {
        Queue<PeerCopies.Answer> answers = new ArrayDeque<>(List.of(slow(0, 1)));
        results(new Source(true, "nccl"), Samples.ranks(3, false), (_, _, _, _, _, _) -> {
            ended = true;
            return answers.remove();
        });
        assertThat(answers).isEmpty();
    }

    @Test
    void copiesOfOtherGpusAreNotTheRanks() throws InterruptedException {
        List<String> others = new ArrayList<>(uuids());
        others.set(1, "GPU-another");
        PeerCopies.Answer answer =
                new PeerCopies.Answer(all(), others, false, Optional.empty(), Optional.empty(), false);
        assertThat(only(results(answer), Status.SKIPPED)).contains("rank 1 (", "has another GPU", "GPU-another");

        PeerCopies.Answer simulated =
                new PeerCopies.Answer(all(), uuids(), true, Optional.empty(), Optional.empty(), false);
        assertThat(only(results(simulated), Status.SKIPPED)).contains("not simulated");
    }

    @Test
    void nothingIsCopiedForAPoolThatIsSomebodysOrHasNoGpus() throws InterruptedException {
        PeerCopies.Answer unasked = whole(all());
        assertThat(only(results(new Source(false, "nccl"), Samples.ranks(3, false), unasked), Status.SKIPPED))
                .contains("somebody's");
        assertThat(only(results(new Source(true, "loopback"), Samples.ranks(3, false), unasked), Status.SKIPPED))
                .isEqualTo("loopback uses no GPU");
        assertThat(only(results(new Source(true, "nccl"), Samples.ranks(1, false), unasked), Status.SKIPPED))
                .isEqualTo("one rank has no pair");
    }
}
