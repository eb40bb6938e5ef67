package dev.neurontp.harness.daemon.mapper;

import dev.neurontp.harness.api.NodeView;
import dev.neurontp.harness.daemon.device.DeviceInventory;
import dev.neurontp.harness.daemon.device.DeviceMonitor;
import dev.neurontp.harness.daemon.device.HostInfo;
import dev.neurontp.harness.daemon.pool.Readiness;
import dev.neurontp.harness.daemon.settings.SettingChange;
import dev.neurontp.harness.daemon.settings.SettingsReload;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.Versions;
import java.util.List;
import java.util.Optional;

/** The host, its devices, and whether the daemon is ready. */
public final class NodeMapper {
    private NodeMapper() {}

    /** What this host is and has; never waits. */
    public static NodeView.Discovery discovery(DeviceMonitor monitor, List<String> harnesses) {
        HostInfo host = monitor.host();
        DeviceInventory inventory = monitor.inventory();
        return new NodeView.Discovery(
                Versions.product(),
                Versions.contract(),
                host.hostname(),
                host.os(),
                host.kernel(),
                inventory.cudaVersion(),
                inventory.driverVersion(),
                inventory.devices().stream()
                        .map(device -> new NodeView.Device(
                                device.index(),
                                device.name(),
                                device.memoryMiB(),
                                device.computeCapability(),
                                device.uuid(),
                                device.busId()))
                        .toList(),
                harnesses);
    }

    /** The last reading; never waits. */
    public static NodeView.Health health(DeviceMonitor monitor) {
        return new NodeView.Health(
                Math.max(0, monitor.uptime().toSeconds()),
                monitor.reading().devices().stream()
                        .map(device -> new NodeView.DeviceUsage(
                                device.index(),
                                device.usedMiB(),
                                device.freeMiB(),
                                device.utilizationPercent(),
                                device.temperature(),
                                programs(monitor, device.index())))
                        .toList(),
                monitor.lastRead(),
                monitor.problem());
    }

    private static List<NodeView.DeviceProcess> programs(DeviceMonitor monitor, int index) {
        Optional<String> bus = monitor.inventory().devices().stream()
                .filter(device -> device.index() == index)
                .flatMap(device -> device.busId().stream())
                .findFirst();
        return monitor.reading().programs().stream()
                .filter(program -> bus.filter(program.busId()::equals).isPresent())
                .map(program -> new NodeView.DeviceProcess(program.pid(), program.name(), program.usedMiB()))
                .toList();
    }

    /** What reading the settings again has brought. */
    public static NodeView.SettingsReloaded reloaded(SettingsReload reload) {
        return new NodeView.SettingsReloaded(changes(reload.changed()), changes(reload.needRestart()));
    }

    private static List<NodeView.SettingsReloaded.SettingChange> changes(List<SettingChange> changes) {
        return changes.stream()
                .map(change ->
                        new NodeView.SettingsReloaded.SettingChange(change.name(), change.before(), change.after()))
                .toList();
    }

    /** One pool's part in readiness, its text in at most {@code limit} characters. */
    public static NodeView.Check check(Readiness.Check check, int limit) {
        return new NodeView.Check("pool " + check.pool(), check.ok(), ForeignText.of(check.text(), limit));
    }
}
