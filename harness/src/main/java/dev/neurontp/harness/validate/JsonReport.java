package dev.neurontp.harness.validate;

import dev.neurontp.harness.text.ReportedEnvironment;
import dev.neurontp.harness.text.Secrets;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.ReduceOp;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code report.json}: its fields are documented in docs/validation.md, and only grow within a format. */
public final class JsonReport {
    public static final String KIND = "neurontp-validation";
    private static final int FORMAT = 1;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private JsonReport() {}

    public static String of(ValidationReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", FORMAT);
        root.put("kind", KIND);
        root.put("hardware", !report.simulated());
        root.put("verdict", report.verdict());
        root.put("exit_code", report.exitCode());
        root.put("suspect", Suspect.of(report).orElse(""));
        root.put("started_at", report.startedAt().toString());
        root.put("took_ms", report.took().toMillis());
        strings(root.putArray("command"), Secrets.masked(report.command()));
        root.put("communicator", report.communicator());
        plan(root.putObject("plan"), report.plan());
        MachineClass machine = MachineClass.of(report.ranks());
        root.putObject("machine_class")
                .put("devices", machine.devices())
                .put("nccl", machine.nccl())
                .put("driver", machine.driver());
        ObjectNode environment = root.putObject("environment");
        ReportedEnvironment.ofProcess().forEach(environment::put);
        ObjectNode counts = root.putObject("counts");
        for (Status status : Status.values()) {
            counts.put(status.name().toLowerCase(Locale.ROOT), report.count(status));
        }
        ArrayNode ranks = root.putArray("ranks");
        report.ranks().forEach(rank -> device(ranks.addObject(), rank));
        ArrayNode cases = root.putArray("cases");
        report.results().forEach(result -> result(cases.addObject(), result, report.hardware()));
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void plan(ObjectNode node, Plan plan) {
        node.put("mode", plan.mode().name().toLowerCase(Locale.ROOT));
        strings(
                node.putArray("collectives"),
                plan.collectives().stream().map(Collective::label).toList());
        strings(
                node.putArray("types"),
                plan.types().stream().map(ElementType::wireName).toList());
        strings(
                node.putArray("ops"),
                plan.ops().stream().map(ReduceOp::wireName).toList());
        ArrayNode roots = node.putArray("roots");
        plan.roots().forEach(roots::add);
        node.put("min_bytes", plan.smallest());
        plan.largest().ifPresentOrElse(most -> node.put("max_bytes", most), () -> node.putNull("max_bytes"));
        node.put("iterations", plan.iterations());
        node.put("warmup", plan.warmup());
        node.put("checks", plan.checks());
        node.put("seed", plan.seed());
        node.put("timeout_ms", plan.timeout().toMillis());
    }

    private static void device(ObjectNode node, RankDevice rank) {
        node.put("rank", rank.rank());
        node.put("pid", rank.pid());
        node.put("device", rank.device());
        Optional<XDeviceInfo> info = rank.info();
        if (info.isPresent()) {
            XDeviceInfo found = info.get();
            node.put("host", found.host());
            node.put("boot_id", found.bootId());
            node.put("simulated", found.simulated());
            node.put("uuid", found.deviceUuid());
            node.put("pci_bus_id", found.pciBusId());
            node.put("name", found.deviceName());
            node.put("driver", found.driver());
            node.put("cuda", found.cuda());
            node.put("nccl", found.nccl());
            node.put("nccl_library", found.ncclLibrary());
            found.memoryTotal().ifPresent(bytes -> node.put("memory_total", bytes));
            found.memoryFree().ifPresent(bytes -> node.put("memory_free", bytes));
            node.put("numa_node", found.numaNode());
            node.put("compute_capability", found.computeCapability());
        }
    }

    private static void result(ObjectNode node, CaseResult result, Hardware hardware) {
        node.put("id", result.of().id());
        node.put("phase", result.of().phase().label());
        node.put("status", hardware.label(result.status()));
        node.put("simulated", hardware == Hardware.SIMULATED);
        node.put("reason", result.reason());
        strings(node.putArray("evidence"), result.evidence());
        result.of().request().ifPresent(request -> request(node, request, result.of()));
        if (result.ranks().isEmpty()) {
            return;
        }
        node.put("checked", result.checked());
        node.put("wrong", result.wrong());
        result.seconds().ifPresentOrElse(time -> node.put("time_us", time * 1e6), () -> node.putNull("time_us"));
        result.bandwidth()
                .ifPresentOrElse(
                        seen -> node.put("algbw", seen.algorithm()).put("busbw", seen.bus()),
                        () -> node.putNull("algbw").putNull("busbw"));
        result.bar()
                .ifPresent(bar ->
                        node.putObject("threshold").put("least", bar.least()).put("source", bar.source()));
        ArrayNode ranks = node.putArray("ranks");
        result.ranks().forEach((rank, one) -> rank(ranks.addObject().put("rank", rank), one));
    }

    private static void request(ObjectNode node, XCollective request, Case of) {
        node.put("collective", request.collective());
        node.put("bytes", of.bytes());
        node.put("count", request.count());
        node.put("type", request.type());
        node.put("redop", request.redop());
        node.put("root", of.root());
        node.put("place", request.place());
        node.put("shift", request.shift());
        node.put("seed", request.seed());
        if (!request.pairs().isEmpty()) {
            node.put("pairs", request.pairs());
        }
    }

    private static void rank(ObjectNode node, XCollectiveResult result) {
        node.put("checked", result.checked());
        node.put("wrong", result.wrong());
        if (result.wrong() > 0) {
            result.firstIndex().ifPresent(index -> node.put("first_index", index));
            node.put("expected", result.expected());
            node.put("got", result.got());
            node.put("cause", result.cause());
            ObjectNode from = node.putObject("wrong_from");
            result.wrongFrom().forEach(source -> from.put(Long.toString(source.rank()), source.elements()));
        }
        result.device().ifPresent(times -> times(node.putObject("device_ns"), times));
        result.wall().ifPresent(times -> times(node.putObject("wall_ns"), times));
        result.arrivedNs().ifPresent(arrived -> node.put("arrived_ns", arrived));
    }

    private static void times(ObjectNode node, XCollectiveResult.Times times) {
        node.put("min", times.min()).put("median", times.median()).put("max", times.max());
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
