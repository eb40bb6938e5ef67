/** What the daemon tells a service manager such as systemd. */
package dev.neurontp.harness.daemon.service;
