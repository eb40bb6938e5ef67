package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.NodeView;
import dev.neurontp.harness.daemon.mapper.NodeMapper;
import dev.neurontp.harness.daemon.settings.LiveSettings;
import dev.neurontp.harness.daemon.settings.ReloadUnderWayException;
import dev.neurontp.harness.daemon.settings.SettingsException;
import io.javalin.http.Context;

/** The daemon's settings. */
final class SettingsRoutes {
    private final LiveSettings live;

    SettingsRoutes(LiveSettings live) {
        this.live = live;
    }

    /** Reads the settings and the files of the certificate again. */
    void reload(Context context) {
        QueryParameters.of(context);
        NodeView.SettingsReloaded reloaded;
        try {
            reloaded = NodeMapper.reloaded(live.reload());
        } catch (ReloadUnderWayException e) {
            throw new ApiException(
                    ErrorType.BUSY, "the settings were not read and nothing has changed: " + e.getMessage());
        } catch (SettingsException e) {
            throw new ApiException(
                    ErrorType.SETTINGS_REFUSED,
                    "the settings are refused and nothing has changed: "
                            + String.join("; ", e.getMessage().lines().toList()));
        }
        Responses.json(context, 200, reloaded);
    }
}
