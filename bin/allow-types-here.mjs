// Loaded with --import into each Node that an installed ffmill starts.
import { allowTypesUnderNodeModules } from './allow-types-under-node-modules.mjs';

allowTypesUnderNodeModules();
