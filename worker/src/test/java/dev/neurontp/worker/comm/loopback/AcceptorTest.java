package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who comes to the port of rank 0 and does not belong there, while ranks 1 and 2 come by hand. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AcceptorTest {
    private static final long WORLD = 3;

    private final Communicator zero = new LoopbackCommunicator(new RankIdentity(0, WORLD, 0), LoopbackSettings.DEFAULT);
    private Rendezvous rendezvous;
    private CommId id;
    private CompletableFuture<Void> joining;

    @BeforeEach
    void rankZeroJoins() throws CommunicatorException {
        rendezvous = Loopback.serve(Map.of());
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
    void whoDoesNotBelongIsRefusedAndTheGroupForms() throws Exception {
        try (Link makerOfOne = greeted(id.address(), Handshake.Door.MEETING, id.nonce(), 1, WORLD);
                Link makerOfTwo = greeted(id.address(), Handshake.Door.MEETING, id.nonce(), 2, WORLD)) {
            assertThat(makerOfOne.read()).isInstanceOf(Message.Joined.class);
            assertThat(makerOfTwo.read()).isInstanceOf(Message.Joined.class);
            InetSocketAddress hub = ((Message.Welcome) makerOfOne.read()).hub();

            assertThat(refusal(hub, new byte[CommId.NONCE_BYTES], 1, WORLD)).contains("wrong nonce");
            assertThat(refusal(hub, id.nonce(), 3, WORLD)).contains("rank 3 of 3 is none of this world of 3");
            assertThat(refusal(hub, id.nonce(), 0, WORLD)).contains("rank 0 of 3 is none of this world of 3");
            assertThat(refusal(hub, id.nonce(), 1, 2)).contains("rank 1 of 2 is none of this world of 3");
            assertThat(joining).isNotDone();

            try (Link one = greeted(hub, Handshake.Door.HUB, id.nonce(), 1, WORLD);
                    Link two = greeted(hub, Handshake.Door.HUB, id.nonce(), 2, WORLD)) {
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

    /** What rank 0 says of its all-reduce once rank 1 has sent this, while rank 2 is silent. */
    private String failureAfter(Message... fromRankOne) throws Exception {
        try (Link makerOfOne = greeted(id.address(), Handshake.Door.MEETING, id.nonce(), 1, WORLD);
                Link makerOfTwo = greeted(id.address(), Handshake.Door.MEETING, id.nonce(), 2, WORLD)) {
            makerOfOne.read();
            makerOfTwo.read();
            InetSocketAddress hub = ((Message.Welcome) makerOfOne.read()).hub();
            try (Link one = greeted(hub, Handshake.Door.HUB, id.nonce(), 1, WORLD);
                    Link two = greeted(hub, Handshake.Door.HUB, id.nonce(), 2, WORLD)) {
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

    private static String refusal(InetSocketAddress hub, byte[] nonce, long rank, long world) throws IOException {
        try (Link stranger = greeted(hub, Handshake.Door.HUB, nonce, rank, world)) {
            return ((Message.Refused) stranger.read()).reason();
        }
    }

    private static Link greeted(InetSocketAddress address, Handshake.Door door, byte[] nonce, long rank, long world)
            throws IOException {
        Link link = new Link(new Socket());
        link.connect(address);
        link.greet(new Handshake(door, nonce, rank, world, 0));
        return link;
    }
}
