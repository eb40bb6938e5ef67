package dev.neurontp.harness.daemon.settings;

/** A setting that was given as an option of the command line. */
public record SettingOption(Setting<?> setting, String option, String value) {}
