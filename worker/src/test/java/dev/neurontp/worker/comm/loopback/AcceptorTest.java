package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections to rank 0 that are no rank of the group, while the test plays ranks 1 and 2. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AcceptorTest {
    private static final long WORLD = 3;

    private final Communicator zero = new LoopbackCommunicator(new RankIdentity(0, WORLD, 0), LoopbackSettings.DEFAULT);
    private Rendezvous rendezvous;
    private CommId id;
    private CompletableFuture<Void> joining;

    @BeforeEach
    void rankZeroJoins() throws CommunicatorException {
        rendezvous = new LoopbackProvider().serve(Map.of());
        id = CommId.parse(rendezvous.commId());
        joining = CompletableFuture.runAsync(() -> {
            try {
                zero.init(rendezvous.commId());
            } catch (CommunicatorException e) {
                throw new CompletionException(e);
            }
        });
    }

    @AfterEach
    void end() {
        zero.close();
        rendezvous.close();
    }

    @Test
    void aConnectionThatIsNoRankOfTheGroupIsRefusedAndTheGroupForms() throws Exception {
        try (Link rendezvousOfOne = connect(id.address(), Handshake.Endpoint.RENDEZVOUS, id.nonce(), 1, WORLD);
                Link rendezvousOfTwo = connect(id.address(), Handshake.Endpoint.RENDEZVOUS, id.nonce(), 2, WORLD)) {
            assertThat(rendezvousOfOne.read()).isInstanceOf(Message.Joined.class);
            assertThat(rendezvousOfTwo.read()).isInstanceOf(Message.Joined.class);
            InetSocketAddress hub = ((Message.Welcome) rendezvousOfOne.read()).hub();

            assertThat(refusal(hub, new byte[CommId.NONCE_BYTES], 1, WORLD)).contains("wrong nonce");
            assertThat(refusal(hub, id.nonce(), 3, WORLD)).contains("rank 3 of 3 is outside of this world of 3");
            assertThat(refusal(hub, id.nonce(), 0, WORLD)).contains("rank 0 of 3 is outside of this world of 3");
            assertThat(refusal(hub, id.nonce(), 1, 2)).contains("rank 1 of 2 is outside of this world of 3");
            assertThat(joining).isNotDone();

            try (Link one = connect(hub, Handshake.Endpoint.HUB, id.nonce(), 1, WORLD);
                    Link two = connect(hub, Handshake.Endpoint.HUB, id.nonce(), 2, WORLD)) {
                assertThat(one.read()).isInstanceOf(Message.Go.class);
                assertThat(two.read()).isInstanceOf(Message.Go.class);
                joining.join();
            }
        }
    }

    @Test
    void aRankThatIsInAnotherAllReduceFailsTheGroup() throws Exception {
        assertThat(failureAfter(new Message.Add(1, 1))).contains("rank 1", "it is in all-reduce 1, rank 0 in 0");
    }

    @Test
    void aRankThatAddsTwiceFailsTheGroup() throws Exception {
        assertThat(failureAfter(new Message.Add(0, 1), new Message.Add(0, 1))).contains("rank 1");
    }

    @Test
    void whereNoThreadCanBeStartedNobodyListens() throws Exception {
        Acceptor acceptor = Acceptor.listen(InetAddress.getLoopbackAddress(), Handshake.Endpoint.HUB, new NoHandler());
        InetSocketAddress address = acceptor.address();

        assertThatThrownBy(() -> acceptor.open((name, _, _) -> {
                    throw ThreadLimitException.of(name, new OutOfMemoryError());
                }))
                .isInstanceOf(ThreadLimitException.class);

        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
                .isInstanceOf(ConnectException.class);
    }

    /** Else it would tell that this process has gone, and of two ranks it may be heard first. */
    @Test
    void aRankWhoseConnectionGetsNoThreadIsToldTheReason() throws Exception {
        Acceptor acceptor = Acceptor.listen(InetAddress.getLoopbackAddress(), Handshake.Endpoint.HUB, new NoHandler());
        acceptor.open((name, work, failed) -> {
            if (name.equals("loopback-connection")) {
                throw ThreadLimitException.of(name, new OutOfMemoryError());
            }
            return DaemonThread.start(name, work, failed);
        });
        try (acceptor;
                Link rank = new Link(new Socket(
                        acceptor.address().getAddress(), acceptor.address().getPort()))) {
            rank.prepare();
            assertThat(rank.read())
                    .isInstanceOfSatisfying(
                            Message.Refused.class,
                            refused -> assertThat(refused.reason()).contains("loopback-connection", "limit"));
        }
    }

    /** What rank 0 says of its all-reduce once rank 1 has sent this, while rank 2 is silent. */
    private String failureAfter(Message... fromRankOne) throws Exception {
        try (Link rendezvousOfOne = connect(id.address(), Handshake.Endpoint.RENDEZVOUS, id.nonce(), 1, WORLD);
                Link rendezvousOfTwo = connect(id.address(), Handshake.Endpoint.RENDEZVOUS, id.nonce(), 2, WORLD)) {
            rendezvousOfOne.read();
            rendezvousOfTwo.read();
            InetSocketAddress hub = ((Message.Welcome) rendezvousOfOne.read()).hub();
            try (Link one = connect(hub, Handshake.Endpoint.HUB, id.nonce(), 1, WORLD);
                    Link two = connect(hub, Handshake.Endpoint.HUB, id.nonce(), 2, WORLD)) {
                one.read();
                two.read();
                joining.join();
                for (Message message : fromRankOne) {
                    one.send(message);
                }
                return catchThrowableOfType(CommunicatorException.class, () -> zero.allReduceSum(1))
                        .getMessage();
            }
        }
    }

    private static final class NoHandler implements Acceptor.Handler {
        @Override
        public void handle(Handshake handshake, Link link) {}

        @Override
        public void fail(String reason) {}
    }

    private static String refusal(InetSocketAddress hub, byte[] nonce, long rank, long world) throws IOException {
        try (Link refused = connect(hub, Handshake.Endpoint.HUB, nonce, rank, world)) {
            return ((Message.Refused) refused.read()).reason();
        }
    }

    private static Link connect(
            InetSocketAddress address, Handshake.Endpoint endpoint, byte[] nonce, long rank, long world)
            throws IOException {
        Link link = new Link(new Socket());
        link.connect(address);
        link.sendHandshake(new Handshake(endpoint, nonce, rank, world, 0));
        return link;
    }
}
