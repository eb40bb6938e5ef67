package dev.neurontp.ops.doctor.check;

import dev.neurontp.harness.text.ForeignText;
import java.util.List;
import java.util.Optional;

/** Whether the GPUs that a pool would see are those that it wants. */
final class VisibleChecks {
    private static final String VARIABLE = "CUDA_VISIBLE_DEVICES";
    private static final int LONGEST = 200;

    private VisibleChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D22, VisibleChecks::twice),
                new Check(Row.D23, VisibleChecks::visible),
                new Check(Row.D24, VisibleChecks::order));
    }

    private static Optional<VisibleDevices> parsed(Evidence evidence) {
        List<String> uuids = evidence.gpus().stream()
                .flatMap(gpu -> gpu.facts().text("uuid").stream())
                .toList();
        return evidence.host().variable(VARIABLE).map(value -> VisibleDevices.parse(value, evidence.gpuCount(), uuids));
    }

    private static String setting(Evidence evidence) {
        return VARIABLE + "="
                + ForeignText.of(evidence.host().variable(VARIABLE).orElse(""), LONGEST);
    }

    private static Finding twice(Evidence evidence) {
        List<Long> devices = evidence.wanted().devices();
        if (devices.stream().distinct().count() < devices.size()) {
            return Finding.fail(
                    "--devices " + ForeignText.of(devices.toString(), LONGEST) + " gives one GPU to two ranks",
                    "one GPU for each rank",
                    "give each rank another one; NCCL refuses two ranks on one GPU");
        }
        Optional<String> twice = parsed(evidence).flatMap(VisibleDevices::twice);
        return twice.map(entry -> Finding.fail(
                        setting(evidence) + " names " + ForeignText.of(entry, ForeignText.NAME) + " twice",
                        "each GPU once",
                        "export " + VARIABLE + " without it"))
                .orElseGet(() -> Finding.ok("no GPU is named twice"));
    }

    private static Finding visible(Evidence evidence) {
        Optional<VisibleDevices> parsed = parsed(evidence);
        Optional<Integer> count = evidence.cuda()
                .facts()
                .number("devices")
                .map(Long::intValue)
                .or(() -> parsed.filter(visible -> visible.twice().isEmpty())
                        .map(visible -> visible.entries().size()))
                .or(evidence::gpuCount);
        if (parsed.filter(visible -> visible.twice().isPresent()).isPresent() || count.isEmpty()) {
            return Finding.skipped(count.isEmpty() ? "the number of GPUs is not known" : "a GPU is named twice (D22)");
        }
        int wanted = evidence.wanted().ranks();
        long highest = evidence.wanted().devices().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(-1);
        String seen = (parsed.isPresent() ? setting(evidence) + ": " : "") + count.get() + " GPUs are visible";
        String cut = parsed.flatMap(VisibleDevices::cut)
                .map(entry -> ", since '" + ForeignText.of(entry, ForeignText.NAME) + "' names none here")
                .orElse("");
        String remedy = parsed.isPresent() ? "unset " + VARIABLE : "tpctl doctor --size " + Math.max(1, count.get());
        if (count.get() == 0 || count.get() < wanted || highest >= count.get()) {
            return Finding.fail(
                    seen + cut,
                    highest >= count.get()
                            ? "device " + highest + ", counted from 0"
                            : Math.max(1, wanted) + " GPUs for " + Math.max(1, wanted) + " ranks",
                    remedy);
        }
        return cut.isEmpty()
                ? Finding.ok(seen)
                : Finding.warn(seen + cut, "entries that name GPUs of this host", remedy);
    }

    private static Finding order(Evidence evidence) {
        List<String> models = evidence.gpus().stream()
                .flatMap(gpu -> gpu.facts().text("name").stream())
                .distinct()
                .toList();
        String order = evidence.host().variable("CUDA_DEVICE_ORDER").orElse("");
        return models.size() > 1 && !order.equals("PCI_BUS_ID")
                ? Finding.warn(
                        "different GPUs (" + Finding.join(models) + "): CUDA counts them by speed, NVML by PCI address",
                        "one order",
                        "export CUDA_DEVICE_ORDER=PCI_BUS_ID")
                : Finding.ok(models.size() > 1 ? "CUDA_DEVICE_ORDER=PCI_BUS_ID" : "all GPUs are of one model");
    }
}
