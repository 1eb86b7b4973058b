/** Before `npm start`: installs and builds what is missing, and does nothing in a moment when nothing is. */
import { build, install, lacksBuild, lacksPackages } from './checkout.mjs';

if (lacksPackages()) install();
if (lacksBuild()) build();
