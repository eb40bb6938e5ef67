package dev.neurontp.ops.doctor.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressedInterfaceTest {
    @Test
    void theyAreInTheOrderOfGetifaddrs() {
        assertThat(AddressedInterface.names(Stream.of(
                        new AddressedInterface("br-1a2b", 7, true),
                        new AddressedInterface("cali12", 2, false),
                        new AddressedInterface("eno1", 3, true),
                        new AddressedInterface("lo", 1, true))))
                .containsExactly("lo", "eno1", "br-1a2b", "cali12");
    }

    @Test
    void thoseOfThisProcessHaveTheLoopback() {
        assertThat(AddressedInterface.namesOfThisProcess()).contains("lo");
    }
}
