package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XDeviceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Compares what the ranks say of themselves before they join. */
final class Identity {
    private final List<RankDevice> ranks;
    private final boolean sharedGpu;
    private final boolean needsGpu;

    /**
     * @param sharedGpu whether several ranks on one GPU are asked for
     * @param needsGpu whether the communicator of the pool uses GPUs at all
     */
    Identity(List<RankDevice> ranks, boolean sharedGpu, boolean needsGpu) {
        this.ranks = ranks;
        this.sharedGpu = sharedGpu;
        this.needsGpu = needsGpu;
    }

    /** One result for each rule. */
    List<CaseResult> results() {
        if (ranks.stream().allMatch(rank -> rank.info().isEmpty())) {
            return List.of(CaseResult.without(
                    Case.step(Phase.IDENTITY, "gpus"),
                    Status.SKIPPED,
                    ranks.getFirst().problem(),
                    List.of()));
        }
        List<CaseResult> results = new ArrayList<>();
        silent().ifPresent(results::add);
        results.add(gpus());
        results.add(simulation());
        results.add(same("communicator", XDeviceInfo::communicator));
        results.add(same("nccl", XDeviceInfo::nccl));
        results.add(sameOnEachHost());
        return results;
    }

    /** What is compared below leaves them out. */
    private Optional<CaseResult> silent() {
        List<String> evidence = ranks.stream()
                .filter(rank -> rank.info().isEmpty())
                .map(rank -> rank.words() + ": " + rank.problem())
                .toList();
        return evidence.isEmpty()
                ? Optional.empty()
                : Optional.of(CaseResult.without(
                        Case.step(Phase.IDENTITY, "ranks"),
                        Status.WARN,
                        evidence.size() + " of " + ranks.size() + " ranks do not say what they run on",
                        evidence));
    }

    /** NCCL's own words on this differ by version, and not every rank hears them: docs/nccl.md. */
    private CaseResult gpus() {
        SortedMap<String, List<RankDevice>> byGpu = new TreeMap<>();
        for (RankDevice rank : ranks) {
            rank.info()
                    .filter(info -> !info.deviceUuid().isEmpty())
                    .ifPresent(info -> byGpu.computeIfAbsent(
                                    info.bootId() + " " + info.deviceUuid(), gpu -> new ArrayList<>())
                            .add(rank));
        }
        List<String> evidence = byGpu.values().stream()
                .filter(one -> one.size() > 1)
                .map(one -> "one GPU for " + one.size() + " ranks: "
                        + String.join(", ", one.stream().map(RankDevice::words).toList()))
                .toList();
        Case of = Case.step(Phase.IDENTITY, "gpus");
        if (evidence.isEmpty()) {
            String reason =
                    byGpu.isEmpty() ? "no rank has a GPU" : byGpu.size() + " GPUs for " + ranks.size() + " ranks";
            return CaseResult.without(of, byGpu.isEmpty() ? Status.SKIPPED : Status.PASS, reason, List.of());
        }
        return sharedGpu
                ? CaseResult.without(of, Status.WARN, "ranks share a GPU, as --shared-gpu asks for", evidence)
                : CaseResult.without(
                        of,
                        Status.FAIL,
                        "two ranks have one GPU: give each its own by --devices or CUDA_VISIBLE_DEVICES, or say"
                                + " --shared-gpu",
                        evidence);
    }

    /** The leader knows what it asked for; a rank that claims GPUs where none are used is not believed. */
    private CaseResult simulation() {
        List<String> claims = ranks.stream()
                .filter(rank -> rank.info().filter(info -> !info.simulated()).isPresent())
                .map(rank -> rank.words() + " says simulated 0")
                .toList();
        if (!needsGpu && !claims.isEmpty()) {
            return CaseResult.without(
                    Case.step(Phase.IDENTITY, "simulation"),
                    Status.FAIL,
                    "the pool's communicator uses no GPU, and ranks say that hardware is behind it",
                    claims);
        }
        return same("simulation", info -> info.simulated() ? "no hardware" : "hardware");
    }

    private CaseResult same(String name, Function<XDeviceInfo, String> value) {
        SortedMap<String, List<Integer>> values = new TreeMap<>();
        ranks.forEach(rank -> rank.info()
                .ifPresent(info -> values.computeIfAbsent(value.apply(info), seen -> new ArrayList<>())
                        .add(rank.rank())));
        Case of = Case.step(Phase.IDENTITY, name);
        if (values.size() == 1) {
            String seen = values.firstKey();
            return CaseResult.without(of, Status.PASS, seen.isEmpty() ? "none on any rank" : seen, List.of());
        }
        return CaseResult.without(
                of,
                Status.FAIL,
                "the ranks of one group differ in their " + name,
                values.entrySet().stream()
                        .map(one -> "'" + one.getKey() + "' on ranks " + one.getValue())
                        .toList());
    }

    private CaseResult sameOnEachHost() {
        SortedMap<String, String> drivers = new TreeMap<>();
        List<String> evidence = new ArrayList<>();
        for (RankDevice rank : ranks) {
            Optional<XDeviceInfo> info = rank.info();
            if (info.isPresent()) {
                String driver = info.get().cuda().isEmpty()
                        ? "none"
                        : (info.get().driver().isEmpty()
                                        ? "no kernel module"
                                        : info.get().driver()) + ", CUDA "
                                + info.get().cuda();
                String first = drivers.putIfAbsent(info.get().bootId(), driver);
                if (first != null && !first.equals(driver)) {
                    evidence.add(rank.words() + " has driver " + driver + ", another rank of its host " + first);
                }
            }
        }
        Case of = Case.step(Phase.IDENTITY, "driver");
        return evidence.isEmpty()
                ? CaseResult.without(of, Status.PASS, String.join("; ", drivers.values()), List.of())
                : CaseResult.without(of, Status.FAIL, "ranks of one host see different drivers", evidence);
    }
}
