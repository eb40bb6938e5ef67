package dev.neurontp.worker.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One socket for both directions, as a program gets it from sshd or inetd. */
class DescriptorTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SHUT_WR = 1;

    private int leaders;
    private int workers;

    @BeforeEach
    void pair() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(ValueLayout.JAVA_INT, 2);
            FunctionDescriptor type = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS);
            call("socketpair", type, AF_UNIX, SOCK_STREAM, 0, both);
            leaders = both.getAtIndex(ValueLayout.JAVA_INT, 0);
            workers = both.getAtIndex(ValueLayout.JAVA_INT, 1);
        }
    }

    @AfterEach
    void closeWorkers() {
        close(workers);
    }

    @Test
    void anEndThatSendsNoMoreMayStillRead() {
        Descriptor descriptor = new Descriptor(workers);
        call(
                "shutdown",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                leaders,
                SHUT_WR);

        assertThat(descriptor.hasNoWriter()).isTrue();
        assertThat(descriptor.hasNoReader()).isFalse();
        close(leaders);
    }

    @Test
    void anEndThatIsClosedReadsNoMore() {
        Descriptor descriptor = new Descriptor(workers);
        assertThat(descriptor.hasNoWriter()).isFalse();
        assertThat(descriptor.hasNoReader()).isFalse();

        close(leaders);

        assertThat(descriptor.hasNoWriter()).isTrue();
        assertThat(descriptor.hasNoReader()).isTrue();
    }

    private static void close(int number) {
        call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), number);
    }

    @SuppressWarnings("restricted") // the build allows native access
    private static void call(String function, FunctionDescriptor type, Object... arguments) {
        Linker linker = Linker.nativeLinker();
        try {
            Object result = linker.downcallHandle(linker.defaultLookup().findOrThrow(function), type)
                    .invokeWithArguments(arguments);
            assertThat(result).isEqualTo(0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }
}
