/** Where ranks are started, and by what: launchers that exist, such as ssh, as words. Nothing here starts anything. */
package dev.neurontp.harness.launch;
