package dev.neurontp.ops.doctor.check;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.doctor.host.Host;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Variables of NCCL and CUDA that were set once to find a fault, that nothing reads any more, or that contradict each other. */
final class VariableChecks {
    private static final int LONGEST = 60;

    /** Whatever their value: they take a choice from NCCL. */
    private static final Set<String> CHOICES = Set.of("NCCL_ALGO", "NCCL_PROTO", "NCCL_MAX_CTAS");

    /** When not 0. */
    private static final Set<String> SWITCHES = Set.of(
            "NCCL_P2P_DISABLE", "NCCL_SHM_DISABLE", "NCCL_IB_DISABLE", "NCCL_CHECK_POINTERS", "CUDA_LAUNCH_BLOCKING");

    /** When 0. */
    private static final Set<String> NEEDED = Set.of("NCCL_NVLS_ENABLE", "NCCL_CUMEM_ENABLE");

    /** NCCL's guide: up to 2.4. */
    private static final Set<String> GONE =
            Set.of("NCCL_RINGS", "NCCL_MAX_NRINGS", "NCCL_MIN_NRINGS", "NCCL_LL_THRESHOLD", "NCCL_TREE_THRESHOLD");

    private VariableChecks() {}

    static List<Check> all() {
        return List.of(new Check(Row.D19, VariableChecks::variables));
    }

    /** A value and the place that it comes from. */
    private record Setting(String value, String place) {}

    private static Finding variables(Evidence evidence) {
        Map<String, Setting> settings = settings(evidence.host());
        List<String> problems = new ArrayList<>();
        settings.forEach((name, setting) -> reason(name, setting.value())
                .ifPresent(reason -> problems.add(name + "=" + ForeignText.of(setting.value(), LONGEST) + " from "
                        + setting.place() + ": " + reason)));
        contradictions(settings, problems);
        long count = settings.keySet().stream()
                .filter(name -> name.startsWith("NCCL_"))
                .count();
        return problems.isEmpty()
                ? Finding.ok(count + " variables of NCCL are set, none that takes speed away")
                : Finding.warn(
                        Finding.join(problems),
                        "none of these",
                        "unset them, or take them out of the file; they are for finding a fault");
    }

    private static Optional<String> reason(String name, String value) {
        if (CHOICES.contains(name)) {
            return Optional.of("NCCL does not choose by itself");
        }
        if (SWITCHES.contains(name) && !value.equals("0")) {
            return Optional.of("slower, for finding a fault");
        }
        if (NEEDED.contains(name) && value.equals("0")) {
            return Optional.of("slower, for finding a fault");
        }
        return GONE.contains(name) ? Optional.of("NCCL 2.5 and later do not read it") : Optional.empty();
    }

    private static void contradictions(Map<String, Setting> settings, List<String> problems) {
        if (settings.containsKey("NCCL_P2P_LEVEL") && on(settings, "NCCL_P2P_DISABLE")) {
            problems.add("NCCL_P2P_LEVEL and NCCL_P2P_DISABLE contradict each other");
        }
        Optional<Long> least = number(settings, "NCCL_MIN_CTAS");
        Optional<Long> most = number(settings, "NCCL_MAX_CTAS");
        if (least.isPresent() && most.isPresent() && least.get() > most.get()) {
            problems.add("NCCL_MIN_CTAS is above NCCL_MAX_CTAS");
        }
    }

    private static boolean on(Map<String, Setting> settings, String name) {
        return settings.containsKey(name) && !settings.get(name).value().equals("0");
    }

    private static Optional<Long> number(Map<String, Setting> settings, String name) {
        return Optional.ofNullable(settings.get(name))
                .map(Setting::value)
                .filter(value -> value.matches("[0-9]{1,9}"))
                .map(Long::valueOf);
    }

    /** As NCCL takes them: the environment, then the user's file, then the host's. */
    private static Map<String, Setting> settings(Host host) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (String file : files(host)) {
            host.files().text(file).stream()
                    .flatMap(String::lines)
                    .map(String::strip)
                    .filter(line -> line.matches("[A-Z][A-Z0-9_]*=.*"))
                    .forEach(line -> settings.put(
                            line.substring(0, line.indexOf('=')),
                            new Setting(line.substring(line.indexOf('=') + 1).strip(), file)));
        }
        host.environment().entrySet().stream()
                .filter(entry ->
                        entry.getKey().startsWith("NCCL_") || entry.getKey().startsWith("CUDA_"))
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> settings.put(entry.getKey(), new Setting(entry.getValue(), "the environment")));
        return settings;
    }

    private static List<String> files(Host host) {
        List<String> files = new ArrayList<>(List.of("/etc/nccl.conf"));
        host.variable("NCCL_CONF_FILE")
                .or(() -> host.variable("HOME").map(home -> home + "/.nccl.conf"))
                .filter(file -> file.startsWith("/") && file.indexOf('\0') < 0)
                .ifPresent(files::add);
        return files;
    }
}
