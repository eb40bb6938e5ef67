package dev.neurontp.ops.doctor.host;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network interface that has an address.
 *
 * @param index the kernel's
 * @param ipv4 whether one of its addresses is of IPv4
 */
public record AddressedInterface(String name, int index, boolean ipv4) {
    /** getifaddrs has all addresses of IPv4 before those of IPv6, each by the interface's index. */
    private static final Comparator<AddressedInterface> AS_GETIFADDRS =
            Comparator.comparing((AddressedInterface one) -> !one.ipv4()).thenComparingInt(AddressedInterface::index);

    /** The names of those of this process, as {@link #names(Stream)}; none where the kernel does not say. */
    static List<String> namesOfThisProcess() {
        try {
            return names(NetworkInterface.networkInterfaces()
                    .filter(one -> one.inetAddresses().findAny().isPresent())
                    .map(one -> new AddressedInterface(
                            one.getName(),
                            one.getIndex(),
                            one.inetAddresses().anyMatch(Inet4Address.class::isInstance))));
        } catch (SocketException _) {
            // Nothing was seen, and the check says so.
            return List.of();
        }
    }

    /** Their names, in the order in which NCCL hears of them. */
    static List<String> names(Stream<AddressedInterface> interfaces) {
        return interfaces.sorted(AS_GETIFADDRS).map(AddressedInterface::name).toList();
    }
}
