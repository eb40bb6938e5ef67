package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XCollectiveResult.Source;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.UnsupportedException;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checked collectives between ranks in one process, over real sockets. */
class LoopbackCollectiveTest {
    private static final int WAIT_SECONDS = 60;
    private static final long KIB = 1024;

    private final List<Communicator> members = new ArrayList<>();
    private ExecutorService ranks;
    private Rendezvous rendezvous;

    @BeforeEach
    void serve() throws CommunicatorException {
        ranks = Executors.newVirtualThreadPerTaskExecutor();
        rendezvous = new LoopbackProvider().serve(Map.of());
    }

    @AfterEach
    void close() {
        members.forEach(Communicator::close);
        rendezvous.close();
        ranks.shutdownNow();
    }

    private void join(int world, String fault) throws Exception {
        List<Future<?>> joining = new ArrayList<>();
        for (int rank = 0; rank < world; rank++) {
            Communicator member = new LoopbackCommunicator(
                    new RankIdentity(rank, world, 0),
                    new LoopbackSettings(LoopbackSettings.DEFAULT.bind(), Fault.parse(fault)));
            members.add(member);
            joining.add(ranks.submit(() -> {
                member.init(rendezvous.commId());
                return null;
            }));
        }
        for (Future<?> each : joining) {
            each.get(WAIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private List<Future<XCollectiveResult>> ask(XCollective request, int asked) {
        return members.subList(0, asked).stream()
                .map(member -> ranks.submit(() -> member.collective(request)))
                .toList();
    }

    private List<XCollectiveResult> run(XCollective request) throws Exception {
        List<XCollectiveResult> results = new ArrayList<>();
        for (Future<XCollectiveResult> each : ask(request, members.size())) {
            results.add(each.get(WAIT_SECONDS, TimeUnit.SECONDS));
        }
        return results;
    }

    private static XCollective request(String collective, String type, String op, long count, String place) {
        return new XCollective(
                collective, type, op, count, 1, collective.equals("pairs") ? "0-2" : "", place, 1, 1, 2, 2, 99, 20_000);
    }

    @Test
    void everyCollectiveOfEveryTypeMovesWhatItMust() throws Exception {
        join(3, "");
        for (String type : List.of("int8", "uint64", "float", "bfloat16", "f8e5m2", "double", "half")) {
            for (String collective : List.of("all_reduce", "reduce_scatter", "reduce")) {
                for (String op : List.of("sum", "prod", "min", "max", "avg")) {
                    right(request(collective, type, op, 13, "in"));
                }
            }
            for (String collective : List.of("all_gather", "broadcast", "gather", "scatter")) {
                right(request(collective, type, "", 13, "in"));
            }
            for (String collective : List.of("sendrecv", "alltoall", "pairs")) {
                right(request(collective, type, "", 13, "out"));
            }
        }
        assertThat(run(request("pairs", "int8", "", 5, "out")))
                .extracting(XCollectiveResult::checked)
                .containsExactly(10L, 0L, 10L);
    }

    private void right(XCollective request) throws Exception {
        List<XCollectiveResult> results = run(request);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.wrong()).as(request + " " + result).isZero();
            assertThat(result.simulated()).isTrue();
            assertThat(result.device()).isEmpty();
            assertThat(result.arrivedNs()).isPresent();
        });
        assertThat(results.stream().mapToLong(XCollectiveResult::checked).sum())
                .as(request.toString())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all_reduce", "alltoall"})
    void whatIsLargerThanOneMessageIsMovedWhole(String collective) throws Exception {
        join(4, "");

        List<XCollectiveResult> results = run(request(collective, "int32", "sum", 100 * KIB + 1, "out"));

        assertThat(results).allSatisfy(result -> {
            assertThat(result.wrong()).isZero();
            assertThat(result.checked()).isGreaterThanOrEqualTo(2 * (100 * KIB + 1));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            corrupt | all_reduce | 2 | bit 0 flipped
            skip    | all_reduce | 2 | rank 1 is missing
            short   | broadcast  | 2 | never written
            swap    | all_gather | 2000 |
            """)
    void whatAFaultDoesIsFoundOnItsRankAndNamed(String action, String collective, long wrong, String cause)
            throws Exception {
        join(3, "rank=1,at=collective,do=" + action);
        XCollective request = new XCollective(collective, "float", "sum", 500, 0, "", "out", 0, 0, 0, 2, 7, 20_000);

        List<XCollectiveResult> results = run(request);

        if (action.equals("skip")) {
            assertThat(results).allSatisfy(result -> {
                assertThat(result.wrong()).isEqualTo(1000);
                assertThat(result.cause()).isEqualTo(cause);
                assertThat(result.wrongFrom()).containsExactly(new Source(1, 1000));
            });
            return;
        }
        assertThat(results.get(0).wrong()).isZero();
        assertThat(results.get(2).wrong()).isZero();
        assertThat(results.get(1).wrong()).isEqualTo(wrong);
        assertThat(results.get(1).cause()).isEqualTo(cause == null ? "" : cause);
    }

    @Test
    void aRankThatDoesNotComeIsNamedWithinTheBoundOfTheRequest() throws Exception {
        join(3, "");

        List<Future<XCollectiveResult>> asked =
                ask(new XCollective("all_reduce", "float", "sum", 8, 0, "", "out", 0, 0, 0, 1, 1, 300), 2);

        for (Future<XCollectiveResult> each : asked) {
            assertThatThrownBy(() -> each.get(WAIT_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("timed out waiting for the other ranks in all_reduce, 300 ms are allowed")
                    .hasMessageContaining("nothing came from rank 2");
        }
    }

    @Test
    void ranksInDifferentCollectivesFailAndDoNotHang() throws Exception {
        join(2, "");

        Future<XCollectiveResult> one =
                ranks.submit(() -> members.get(0).collective(request("all_gather", "float", "", 100, "out")));
        Future<Long> other = ranks.submit(() -> members.get(1).allReduceSum(1));

        assertThatThrownBy(() -> one.get(WAIT_SECONDS, TimeUnit.SECONDS))
                .hasMessageContaining("rank 1 is in another collective than rank 0");
        assertThatThrownBy(() -> other.get(WAIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void whatItCannotDoIsRefusedAndTheGroupStaysUsable() throws Exception {
        Communicator alone = new LoopbackCommunicator(new RankIdentity(0, 1, 0), LoopbackSettings.DEFAULT);
        assertThatThrownBy(() -> alone.collective(request("all_gather", "float", "", 1, "out")))
                .isInstanceOfSatisfying(
                        CommunicatorException.class,
                        e -> assertThat(e.kind()).isEqualTo(ErrorKind.NCCL_NOT_INITIALISED));
        join(2, "");

        for (XCollective request : List.of(
                new XCollective("copy_h2d", "", "", 64, 0, "", "out", 0, 0, 0, 1, 1, 0),
                new XCollective("all_gather", "int64", "", 4 << 20, 0, "", "out", 0, 0, 0, 1, 1, 0),
                new XCollective("all_gather", "int64", "", Long.MAX_VALUE, 0, "", "out", 0, 0, 0, 1, 1, 0))) {
            assertThatThrownBy(() -> members.get(0).collective(request)).isInstanceOf(UnsupportedException.class);
        }
        assertThat(run(new XCollective("all_gather", "int64", "", 7, 0, "", "out", 0, 0, 0, 1, 1, 0)))
                .allSatisfy(result -> assertThat(result.checked()).isEqualTo(14));
    }

    @Test
    void aRankSaysWhereItRunsBeforeInit() throws Exception {
        XDeviceInfo info = new LoopbackCommunicator(new RankIdentity(0, 1, 0), LoopbackSettings.DEFAULT).device();

        assertThat(info.communicator()).isEqualTo("loopback");
        assertThat(info.simulated()).isTrue();
        assertThat(info.host()).isNotEmpty();
        assertThat(info.bootId()).matches("[0-9a-f-]{36}");
        assertThat(info.deviceUuid()).isEmpty();
    }
}
