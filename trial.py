from proto import *
from benchmarks.measure import SCENARIO
from sim.scenario import load_scenario
from sim.simulate import make_job
from sim.simulate.job import prepare, lived
job = make_job(load_scenario(SCENARIO), "default")
N=1600
runs=np.arange(N,dtype=np.uint64)
w,table,rows,seg=prepare(job,runs)
B=lambda a: np.ascontiguousarray(np.asarray(a)).view(np.uint8).reshape(len(a),-1)
pack=np.zeros(LIFE.itemsize*LANES+64,np.uint8)
o=(-pack.ctypes.data)%64; pack=pack[o:o+LIFE.itemsize*LANES]
W=B(w).copy(); seed=np.uint64(job.random_seed)
a=time.time(); run(pack,W[:16].copy(),B(table),rows,B(seg.timeline),B(seg.setting),seed,job.days); print('compile',time.time()-a)
a=time.process_time(); run(pack,W,B(table),rows,B(seg.timeline),B(seg.setting),seed,job.days); print((time.process_time()-a)/N*1e6,'us lanes')
a=time.process_time(); ref=lived(job,runs); print((time.process_time()-a)/N*1e6,'us scalar')
print('equal', (W==B(ref)).all())
