package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XDeviceInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What two runs must have in common before their bandwidths are compared.
 *
 * @param devices such as {@code 8 x NVIDIA H100 80GB HBM3}
 * @param nccl major and minor version, such as {@code 2.28}
 * @param driver major version, such as {@code 580}
 */
public record MachineClass(String devices, String nccl, String driver) {
    public static MachineClass of(List<RankDevice> ranks) {
        return new MachineClass(
                ranks.size() + " x " + all(ranks, XDeviceInfo::deviceName),
                parts(all(ranks, XDeviceInfo::nccl), 2),
                parts(all(ranks, XDeviceInfo::driver), 1));
    }

    private static String all(List<RankDevice> ranks, Function<XDeviceInfo, String> value) {
        return ranks.stream()
                .map(RankDevice::info)
                .flatMap(Optional::stream)
                .map(value)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" and "));
    }

    private static String parts(String version, int count) {
        String[] parts = version.split("\\.", -1);
        return parts.length <= count ? version : String.join(".", List.of(parts).subList(0, count));
    }

    /** Such as {@code 8 x NVIDIA H100 80GB HBM3, NCCL 2.28, driver 580}. */
    public String words() {
        return devices + ", NCCL " + nccl + ", driver " + driver;
    }
}
