package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups within one process, each rank in a thread of its own, over real sockets. */
class LoopbackTest {
    private static final int WAIT_SECONDS = 30;

    private ExecutorService ranks;
    private Rendezvous rendezvous;

    @BeforeEach
    void serve() throws CommunicatorException {
        ranks = Executors.newVirtualThreadPerTaskExecutor();
        rendezvous = new LoopbackProvider().serve(java.util.Map.of());
    }

    @AfterEach
    void close() {
        rendezvous.close();
        ranks.shutdownNow();
    }

    private static Communicator rank(long rank, long world) {
        return new LoopbackCommunicator(new RankIdentity(rank, world, 0), LoopbackSettings.DEFAULT);
    }

    private static Communicator rank(long rank, long world, String fault) {
        return new LoopbackCommunicator(
                new RankIdentity(rank, world, 0),
                new LoopbackSettings(LoopbackSettings.DEFAULT.bind(), Fault.parse(fault)));
    }

    private Future<?> join(Communicator rank) {
        return ranks.submit(() -> {
            rank.init(rendezvous.commId());
            return null;
        });
    }

    private static <T> T get(Future<T> future) throws Exception {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private static void fails(Callable<?> call, ErrorKind kind, String... words) {
        assertThatThrownBy(call::call)
                .asInstanceOf(type(CommunicatorException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    private List<Communicator> group(int world) throws Exception {
        List<Communicator> members = new ArrayList<>();
        List<Future<?>> joining = new ArrayList<>();
        for (int r = 0; r < world; r++) {
            members.add(rank(r, world));
            joining.add(join(members.get(r)));
        }
        for (Future<?> each : joining) {
            get(each);
        }
        return members;
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void everyRankSeesTheSumOfAllValuesModulo32Bits(
            @ForAll @Size(min = 1, max = 9) List<@LongRange(max = 4294967295L) Long> values) throws Exception {
        serve();
        try {
            List<Communicator> members = group(values.size());
            for (int round = 0; round < 3; round++) {
                List<Future<Long>> sums = new ArrayList<>();
                for (int r = 0; r < members.size(); r++) {
                    Communicator member = members.get(r);
                    long value = values.get(r);
                    sums.add(ranks.submit(() -> member.allReduceSum(value)));
                }
                long expected = values.stream().mapToLong(Long::longValue).sum() & 0xFFFF_FFFFL;
                for (Future<Long> sum : sums) {
                    assertThat(get(sum)).isEqualTo(expected);
                }
            }
            members.forEach(Communicator::close);
        } finally {
            close();
        }
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void whateverAnotherProgramSendsTheGroupForms(
            @ForAll @Size(max = 300) List<Byte> sent, @ForAll @IntRange(max = 3) int more) throws Exception {
        serve();
        try {
            InetSocketAddress address = CommId.parse(rendezvous.commId()).address();
            List<Socket> others = new ArrayList<>();
            for (int i = 0; i < 1 + more * Acceptor.MAX_PENDING; i++) {
                Socket other = new Socket(address.getAddress(), address.getPort());
                byte[] bytes = new byte[sent.size()];
                for (int at = 0; at < bytes.length; at++) {
                    bytes[at] = sent.get(at);
                }
                try {
                    other.getOutputStream().write(bytes);
                } catch (java.io.IOException e) {
                    assertThat(e).isNotNull(); // closed already
                }
                others.add(other);
            }
            group(3).forEach(Communicator::close);
            for (Socket other : others) {
                other.close();
            }
        } finally {
            close();
        }
    }

    @Test
    void initBlocksUntilTheLastRankIsIn() throws Exception {
        Future<?> zero = join(rank(0, 2));
        assertThatThrownBy(() -> zero.get(300, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        get(join(rank(1, 2)));
        get(zero);
    }

    @Test
    void aRefusedRankIsToldWhyAndTheOthersFormTheirGroup() throws Exception {
        Communicator zero = rank(0, 2);
        Future<?> first = join(zero);
        fails(() -> zeroTaken(), ErrorKind.NCCL_INIT_FAILED, "rank 0", "taken");
        fails(() -> get(join(rank(1, 3))), ErrorKind.NCCL_INIT_FAILED, "a world of 3", "a world of 2");
        String foreign = new CommId(CommId.parse(rendezvous.commId()).address(), new byte[CommId.NONCE_BYTES]).toHex();
        fails(() -> init(rank(1, 2), foreign), ErrorKind.NCCL_INIT_FAILED, "wrong nonce");
        get(join(rank(1, 2)));
        get(first);
    }

    private Object zeroTaken() throws Exception {
        awaitRankZeroAtTheRendezvous();
        return get(join(rank(0, 2)));
    }

    /** The first rank fixes the world: any other world is refused from then on. */
    private void awaitRankZeroAtTheRendezvous() {
        org.awaitility.Awaitility.await()
                .atMost(WAIT_SECONDS, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        fails(() -> init(rank(1, 3), rendezvous.commId()), ErrorKind.NCCL_INIT_FAILED, "a world of 2"));
    }

    private static Object init(Communicator rank, String commId) throws CommunicatorException {
        rank.init(commId);
        return null;
    }

    @Test
    void aRankOutsideOfItsWorldIsRefused() {
        fails(() -> init(rank(2, 2), rendezvous.commId()), ErrorKind.NCCL_INIT_FAILED, "rank 2 of 2");
        fails(() -> init(rank(0, 0), rendezvous.commId()), ErrorKind.NCCL_INIT_FAILED, "rank 0 of 0");
        fails(() -> init(rank(0, 1025), rendezvous.commId()), ErrorKind.NCCL_INIT_FAILED, "1024");
    }

    @Test
    void aSecondInitIsRefusedAndTheGroupStaysUsable() throws Exception {
        Communicator only = group(1).getFirst();
        fails(() -> init(only, rendezvous.commId()), ErrorKind.NCCL_ALREADY_INITIALISED, "in a group already");
        assertThat(only.allReduceSum(7)).isEqualTo(7);
    }

    @Test
    void aSumBeforeInitIsRefused() {
        fails(() -> rank(0, 1).allReduceSum(1), ErrorKind.NCCL_NOT_INITIALISED, "init comes first");
    }

    @Test
    void anAbortUnblocksAPendingInitAndTheOthersAreToldWhy() throws Exception {
        Communicator hanging = rank(1, 3, "rank=1,at=init,do=hang");
        Future<?> zero = join(rank(0, 3));
        Future<?> one = join(hanging);
        Future<?> two = join(rank(2, 3));
        assertThatThrownBy(() -> one.get(300, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        hanging.abort();
        fails(() -> get(one), ErrorKind.NCCL_INIT_FAILED, "aborted");
        fails(() -> get(zero), ErrorKind.NCCL_INIT_FAILED, "rank 1");
        fails(() -> get(two), ErrorKind.NCCL_INIT_FAILED, "rank 1");
    }

    @Test
    void aRankThatLeavesFailsTheCollectiveOnEveryOtherRank() throws Exception {
        List<Communicator> members = group(4);
        Future<Long> zero = ranks.submit(() -> members.get(0).allReduceSum(1));
        Future<Long> one = ranks.submit(() -> members.get(1).allReduceSum(1));
        members.get(3).close();
        fails(() -> get(zero), ErrorKind.NCCL_SANITY_FAILED, "rank 3 has gone");
        fails(() -> get(one), ErrorKind.NCCL_SANITY_FAILED, "rank 3 has gone");
        fails(() -> members.get(2).allReduceSum(1), ErrorKind.NCCL_SANITY_FAILED, "rank 3 has gone");
    }

    @Test
    void whatARankKnowsReachesRankZeroAheadOfTheEndOfItsLink() throws Exception {
        List<Communicator> members = group(3);
        Future<Long> zero = ranks.submit(() -> members.get(0).allReduceSum(1));
        members.get(2).abort();
        fails(() -> get(zero), ErrorKind.NCCL_SANITY_FAILED, "rank 2 was aborted");
        fails(() -> members.get(1).allReduceSum(1), ErrorKind.NCCL_SANITY_FAILED, "rank 2 was aborted");
    }

    @Test
    void whenRankZeroLeavesTheOthersNameIt() throws Exception {
        List<Communicator> members = group(3);
        Future<Long> one = ranks.submit(() -> members.get(1).allReduceSum(1));
        members.get(0).close();
        fails(() -> get(one), ErrorKind.NCCL_SANITY_FAILED, "rank 0 has gone");
    }

    @Test
    void closingTheRendezvousFailsAPendingInit() throws Exception {
        Future<?> zero = join(rank(0, 2));
        awaitRankZeroAtTheRendezvous();
        rendezvous.close();
        fails(() -> get(zero), ErrorKind.NCCL_INIT_FAILED, "the creator of the comm_id has closed the rendezvous");
        fails(() -> init(rank(1, 2), rendezvous.commId()), ErrorKind.NCCL_INIT_FAILED, "the rendezvous");
    }
}
