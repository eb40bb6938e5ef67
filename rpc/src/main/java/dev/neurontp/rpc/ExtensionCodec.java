package dev.neurontp.rpc;

import dev.neurontp.rpc.XCollectiveResult.Source;
import dev.neurontp.rpc.XCollectiveResult.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** The fields of the extensions that have many. A class of its own, so that a worker loads it with the first of them only. */
final class ExtensionCodec {
    private ExtensionCodec() {}

    /** What a record's own rules refuse is a line that the contract does not allow. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws WireException;
    }

    static XCollective collective(FrameFields fields) throws WireException {
        return checked(() -> new XCollective(
                fields.string(XCollective.COLLECTIVE),
                fields.string(XCollective.TYPE),
                fields.string(XCollective.REDOP),
                number(fields, XCollective.COUNT),
                fields.u32(XCollective.ROOT),
                fields.string(XCollective.PAIRS),
                fields.string(XCollective.PLACE),
                fields.u32(XCollective.SHIFT),
                fields.u32(XCollective.WARMUP),
                fields.u32(XCollective.ITERATIONS),
                fields.u32(XCollective.CHECKS),
                number(fields, XCollective.SEED),
                fields.u32(XCollective.TIMEOUT_MS)));
    }

    static void write(JsonGenerator json, XCollective request) {
        json.writeStringProperty(XCollective.COLLECTIVE, request.collective());
        json.writeStringProperty(XCollective.TYPE, request.type());
        json.writeStringProperty(XCollective.REDOP, request.redop());
        json.writeStringProperty(XCollective.COUNT, Long.toString(request.count()));
        json.writeNumberProperty(XCollective.ROOT, request.root());
        json.writeStringProperty(XCollective.PAIRS, request.pairs());
        json.writeStringProperty(XCollective.PLACE, request.place());
        json.writeNumberProperty(XCollective.SHIFT, request.shift());
        json.writeNumberProperty(XCollective.WARMUP, request.warmup());
        json.writeNumberProperty(XCollective.ITERATIONS, request.iterations());
        json.writeNumberProperty(XCollective.CHECKS, request.checks());
        json.writeStringProperty(XCollective.SEED, Long.toString(request.seed()));
        json.writeNumberProperty(XCollective.TIMEOUT_MS, request.timeoutMs());
    }

    static XDeviceInfo deviceInfo(FrameFields fields) throws WireException {
        return checked(() -> new XDeviceInfo(
                fields.string(XDeviceInfo.HOST),
                fields.string(XDeviceInfo.BOOT_ID),
                fields.string(XDeviceInfo.COMMUNICATOR),
                fields.u32(XDeviceInfo.SIMULATED) != 0,
                fields.string(XDeviceInfo.DEVICE_UUID),
                fields.string(XDeviceInfo.PCI_BUS_ID),
                fields.string(XDeviceInfo.DEVICE_NAME),
                fields.string(XDeviceInfo.DRIVER),
                fields.string(XDeviceInfo.CUDA),
                fields.string(XDeviceInfo.NCCL),
                fields.string(XDeviceInfo.NCCL_LIBRARY),
                optional(fields, XDeviceInfo.MEMORY_TOTAL),
                optional(fields, XDeviceInfo.MEMORY_FREE),
                fields.string(XDeviceInfo.NUMA_NODE),
                fields.string(XDeviceInfo.COMPUTE_CAPABILITY)));
    }

    static void write(JsonGenerator json, XDeviceInfo info) {
        json.writeStringProperty(XDeviceInfo.HOST, info.host());
        json.writeStringProperty(XDeviceInfo.BOOT_ID, info.bootId());
        json.writeStringProperty(XDeviceInfo.COMMUNICATOR, info.communicator());
        json.writeNumberProperty(XDeviceInfo.SIMULATED, info.simulated() ? 1 : 0);
        json.writeStringProperty(XDeviceInfo.DEVICE_UUID, info.deviceUuid());
        json.writeStringProperty(XDeviceInfo.PCI_BUS_ID, info.pciBusId());
        json.writeStringProperty(XDeviceInfo.DEVICE_NAME, info.deviceName());
        json.writeStringProperty(XDeviceInfo.DRIVER, info.driver());
        json.writeStringProperty(XDeviceInfo.CUDA, info.cuda());
        json.writeStringProperty(XDeviceInfo.NCCL, info.nccl());
        json.writeStringProperty(XDeviceInfo.NCCL_LIBRARY, info.ncclLibrary());
        json.writeStringProperty(XDeviceInfo.MEMORY_TOTAL, DecimalString.text(info.memoryTotal()));
        json.writeStringProperty(XDeviceInfo.MEMORY_FREE, DecimalString.text(info.memoryFree()));
        json.writeStringProperty(XDeviceInfo.NUMA_NODE, info.numaNode());
        json.writeStringProperty(XDeviceInfo.COMPUTE_CAPABILITY, info.computeCapability());
    }

    static XCollectiveResult collectiveResult(FrameFields fields) throws WireException {
        return checked(() -> new XCollectiveResult(
                number(fields, XCollectiveResult.CHECKED),
                number(fields, XCollectiveResult.WRONG),
                optional(fields, XCollectiveResult.FIRST_INDEX),
                fields.string(XCollectiveResult.EXPECTED),
                fields.string(XCollectiveResult.GOT),
                fields.string(XCollectiveResult.CAUSE),
                sources(fields.string(XCollectiveResult.WRONG_FROM)),
                times(fields, XCollectiveResult.DEVICE_NS),
                times(fields, XCollectiveResult.WALL_NS),
                optional(fields, XCollectiveResult.ARRIVED_NS),
                fields.u32(XCollectiveResult.SIMULATED) != 0));
    }

    static void write(JsonGenerator json, XCollectiveResult result) {
        json.writeStringProperty(XCollectiveResult.CHECKED, Long.toString(result.checked()));
        json.writeStringProperty(XCollectiveResult.WRONG, Long.toString(result.wrong()));
        json.writeStringProperty(XCollectiveResult.FIRST_INDEX, DecimalString.text(result.firstIndex()));
        json.writeStringProperty(XCollectiveResult.EXPECTED, result.expected());
        json.writeStringProperty(XCollectiveResult.GOT, result.got());
        json.writeStringProperty(XCollectiveResult.CAUSE, result.cause());
        json.writeStringProperty(
                XCollectiveResult.WRONG_FROM,
                result.wrongFrom().stream()
                        .map(source -> source.rank() + ":" + source.elements())
                        .collect(Collectors.joining(",")));
        writeTimes(json, XCollectiveResult.DEVICE_NS, result.device());
        writeTimes(json, XCollectiveResult.WALL_NS, result.wall());
        json.writeStringProperty(XCollectiveResult.ARRIVED_NS, DecimalString.text(result.arrivedNs()));
        json.writeNumberProperty(XCollectiveResult.SIMULATED, result.simulated() ? 1 : 0);
    }

    private static void writeTimes(JsonGenerator json, String name, Optional<Times> times) {
        json.writeStringProperty(
                name + XCollectiveResult.MIN,
                times.map(all -> Long.toString(all.min())).orElse(""));
        json.writeStringProperty(
                name + XCollectiveResult.MEDIAN,
                times.map(all -> Long.toString(all.median())).orElse(""));
        json.writeStringProperty(
                name + XCollectiveResult.MAX,
                times.map(all -> Long.toString(all.max())).orElse(""));
    }

    /** Either all three of them are there, or none. */
    private static Optional<Times> times(FrameFields fields, String name) throws WireException {
        OptionalLong min = optional(fields, name + XCollectiveResult.MIN);
        OptionalLong median = optional(fields, name + XCollectiveResult.MEDIAN);
        OptionalLong max = optional(fields, name + XCollectiveResult.MAX);
        if (min.isPresent() != median.isPresent() || min.isPresent() != max.isPresent()) {
            throw WireException.badRequest(name + " has some of its three times and lacks others: all or none");
        }
        return min.isPresent()
                ? Optional.of(new Times(min.getAsLong(), median.orElseThrow(), max.orElseThrow()))
                : Optional.empty();
    }

    private static List<Source> sources(String text) throws WireException {
        List<Source> sources = new ArrayList<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", XCollectiveResult.MAX_SOURCES + 1)) {
            String[] halves = part.split(":", -1);
            if (halves.length != 2) {
                throw WireException.badRequest(XCollectiveResult.WRONG_FROM + " is '" + WireText.quotable(text)
                        + "': it must be rank:elements, at most " + XCollectiveResult.MAX_SOURCES
                        + " of them with commas between");
            }
            sources.add(new Source(
                    U32.parse(XCollectiveResult.WRONG_FROM, halves[0]),
                    DecimalString.parse(XCollectiveResult.WRONG_FROM, halves[1])));
        }
        return sources;
    }

    private static long number(FrameFields fields, String name) throws WireException {
        return DecimalString.parse(name, fields.string(name));
    }

    private static OptionalLong optional(FrameFields fields, String name) throws WireException {
        return DecimalString.parseOptional(name, fields.string(name));
    }

    private static <T> T checked(Reading<T> reading) throws WireException {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw WireException.badRequest(e.getMessage());
        }
    }
}
